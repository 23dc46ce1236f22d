from django.db import migrations, models

# What ended before ends were kept: a version's claims ended when the next one was published, at
# the latest now.
ENDS = """
UPDATE training_mapping AS mapping
SET retired_at = COALESCE(
    (SELECT MIN(next.published_at)
     FROM training_moduleversion AS version
     JOIN training_moduleversion AS next
         ON next.module_id = version.module_id AND next.number > version.number
        AND next.state = 'published'
     WHERE version.id = mapping.version_id AND next.published_at >= mapping.created_at),
    NOW()
)
WHERE state = 'retired' AND retired_at IS NULL;
UPDATE training_module SET retired_at = NOW() WHERE state = 'retired' AND retired_at IS NULL;
"""

REVIEWED = """
CREATE FUNCTION training_keep_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO training_mappingreview (mapping_id, fingerprint, reason, cleared, author_id, at)
    VALUES (NEW.id, NEW.reviewed_fingerprint, NEW.cleared_reason, NEW.cleared_at IS NOT NULL,
            NEW.author_id, COALESCE(NEW.cleared_at, NEW.created_at));
    RETURN NULL;
END
$$
"""

KEEP = """
CREATE TRIGGER mapping_reviews_kept_first AFTER INSERT ON training_mapping
FOR EACH ROW EXECUTE FUNCTION training_keep_review();
CREATE TRIGGER mapping_reviews_kept AFTER UPDATE ON training_mapping
FOR EACH ROW WHEN (
    OLD.reviewed_fingerprint IS DISTINCT FROM NEW.reviewed_fingerprint
    OR OLD.cleared_at IS DISTINCT FROM NEW.cleared_at
) EXECUTE FUNCTION training_keep_review()
"""

# Of claims from before reviews were kept only the newest review is known.
KNOWN = """
INSERT INTO training_mappingreview (mapping_id, fingerprint, reason, cleared, author_id, at)
SELECT id, reviewed_fingerprint, cleared_reason, cleared_at IS NOT NULL, author_id,
       COALESCE(cleared_at, created_at)
FROM training_mapping
"""

NEVER_CHANGES = """
CREATE TRIGGER barrier_event_never_changes BEFORE UPDATE OR DELETE ON training_barrierevent
FOR EACH ROW EXECUTE FUNCTION align_keep_published()
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0004_delivering_and_sticking")]

    operations = [
        migrations.RunSQL(ENDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="mapping",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retired_at__isnull", False), ("state", "retired")),
                    models.Q(models.Q(("state", "retired"), _negated=True), ("retired_at", None)),
                    _connector="OR",
                ),
                name="mapping_retired_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retired_at__isnull", False), ("state", "retired")),
                    models.Q(models.Q(("state", "retired"), _negated=True), ("retired_at", None)),
                    _connector="OR",
                ),
                name="module_retired_has_a_time",
            ),
        ),
        migrations.RunSQL(REVIEWED, "DROP FUNCTION training_keep_review()"),
        migrations.RunSQL(
            KEEP,
            "DROP TRIGGER mapping_reviews_kept ON training_mapping;"
            "DROP TRIGGER mapping_reviews_kept_first ON training_mapping",
        ),
        migrations.RunSQL(KNOWN, "DELETE FROM training_mappingreview"),
        migrations.RunSQL(
            NEVER_CHANGES, "DROP TRIGGER barrier_event_never_changes ON training_barrierevent"
        ),
    ]
