from django.db import migrations

# What is published never changes. A person may leave: who wrote a row can become nobody. Rows go
# only with the example company, whose removal says so for the length of its transaction.
FUNCTION = """
CREATE FUNCTION align_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('align.removes_example', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
       AND to_jsonb(OLD) - 'author_id' - 'actor_id' = to_jsonb(NEW) - 'author_id' - 'actor_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'row % of % is published and never changes', OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""

REVISION = """
CREATE TRIGGER revision_published_never_changes
BEFORE UPDATE OR DELETE ON strategy_revision
FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION align_keep_published()
"""

# The words of a behavior are fixed once they have a fingerprint, which publishing gives them.
BEHAVIOR = """
CREATE TRIGGER behavior_published_never_changes
BEFORE UPDATE OR DELETE ON strategy_behaviorrevision
FOR EACH ROW WHEN (OLD.fingerprint <> '') EXECUTE FUNCTION align_keep_published()
"""

# Nor does the rule whom it is asked of.
AUDIENCES = """
CREATE FUNCTION align_keep_audiences() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('align.removes_example', true) IS DISTINCT FROM 'on' AND EXISTS (
        SELECT FROM strategy_behaviorrevision AS behavior
        WHERE behavior.fingerprint <> '' AND behavior.id = CASE TG_OP
            WHEN 'INSERT' THEN NEW.behaviorrevision_id ELSE OLD.behaviorrevision_id END
    ) THEN
        RAISE EXCEPTION 'the audiences of a published behavior never change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$
"""

AUDIENCES_TRIGGER = """
CREATE TRIGGER audiences_published_never_change
BEFORE INSERT OR UPDATE OR DELETE ON strategy_behaviorrevision_audiences
FOR EACH ROW EXECUTE FUNCTION align_keep_audiences()
"""

EVENT = """
CREATE TRIGGER flag_event_never_changes
BEFORE UPDATE OR DELETE ON strategy_flagevent
FOR EACH ROW EXECUTE FUNCTION align_keep_published()
"""


class Migration(migrations.Migration):
    dependencies = [("strategy", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION align_keep_published()"),
        migrations.RunSQL(
            REVISION, "DROP TRIGGER revision_published_never_changes ON strategy_revision"
        ),
        migrations.RunSQL(
            BEHAVIOR, "DROP TRIGGER behavior_published_never_changes ON strategy_behaviorrevision"
        ),
        migrations.RunSQL(AUDIENCES, "DROP FUNCTION align_keep_audiences()"),
        migrations.RunSQL(
            AUDIENCES_TRIGGER,
            "DROP TRIGGER audiences_published_never_change ON strategy_behaviorrevision_audiences",
        ),
        migrations.RunSQL(EVENT, "DROP TRIGGER flag_event_never_changes ON strategy_flagevent"),
    ]
