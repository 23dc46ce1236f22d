from django.db import migrations

VERSION = """
CREATE TRIGGER version_published_never_changes
BEFORE UPDATE OR DELETE ON training_moduleversion
FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION align_keep_published()
"""

# A kind of module allows a claim only so deep; the form says it kindly, this holds.
CLAIM = """
CREATE FUNCTION training_claim_within_kind() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE deepest integer;
BEGIN
    SELECT CASE kind WHEN 'announcement' THEN 1 WHEN 'product' THEN 1 WHEN 'explanation' THEN 2
                     WHEN 'practice' THEN 3 ELSE 4 END
    INTO deepest FROM training_moduleversion WHERE id = NEW.version_id;
    IF NEW.depth > deepest THEN
        RAISE EXCEPTION 'a mapping claims depth %, its kind of module allows %', NEW.depth, deepest
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mapping_claim_within_kind';
    END IF;
    RETURN NEW;
END
$$
"""

CLAIM_TRIGGER = """
CREATE TRIGGER mapping_claim_within_kind BEFORE INSERT OR UPDATE OF depth, version_id
ON training_mapping FOR EACH ROW EXECUTE FUNCTION training_claim_within_kind()
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial"), ("strategy", "0002_immutable")]

    operations = [
        migrations.RunSQL(
            VERSION, "DROP TRIGGER version_published_never_changes ON training_moduleversion"
        ),
        migrations.RunSQL(CLAIM, "DROP FUNCTION training_claim_within_kind()"),
        migrations.RunSQL(
            CLAIM_TRIGGER, "DROP TRIGGER mapping_claim_within_kind ON training_mapping"
        ),
    ]
