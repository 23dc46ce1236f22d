from django.db import migrations

# What was done is never rewritten. What a row is about may go, and so may a person.
KEEP = """
CREATE FUNCTION align_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about text[] := ARRAY['objective_id', 'revision_id', 'round_id', 'actor_id'];
BEGIN
    IF current_setting('align.removes_example', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - about = to_jsonb(NEW) - about THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'row % of % is history and never changes', OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""

HISTORY = """
CREATE TRIGGER history_never_changes
BEFORE UPDATE OR DELETE ON strategy_history
FOR EACH ROW EXECUTE FUNCTION align_keep_history()
"""

# Nor does the text that people were asked about.
ROUND = """
CREATE TRIGGER round_text_never_changes
BEFORE UPDATE ON strategy_round
FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.edits <> NEW.edits)
EXECUTE FUNCTION align_keep_history()
"""

# No draft takes force while somebody cannot teach it or a concern has no answer, whoever asks
# and by whatever way, unless the reason to do it all the same is written beside it.
GATE = """
CREATE FUNCTION align_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (participant.person_id) position.stance
            FROM strategy_position AS position
            JOIN strategy_participant AS participant ON participant.id = position.participant_id
            JOIN strategy_round AS round ON round.id = participant.round_id
            WHERE round.revision_id = NEW.id
            ORDER BY participant.person_id, round.number DESC
        ) AS newest
        WHERE newest.stance = 'cannot'
    ) OR EXISTS (
        SELECT FROM strategy_concern AS concern
        JOIN strategy_round AS round ON round.id = concern.round_id
        WHERE round.revision_id = NEW.id AND concern.answer = ''
    ) THEN
        RAISE EXCEPTION 'revision % has a cannot-teach or an unanswered concern', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
"""

GATE_TRIGGER = """
CREATE TRIGGER revision_gate
BEFORE UPDATE ON strategy_revision
FOR EACH ROW
WHEN (OLD.state <> 'published' AND NEW.state = 'published' AND btrim(NEW.override) = '')
EXECUTE FUNCTION align_gate()
"""


class Migration(migrations.Migration):
    dependencies = [("strategy", "0004_consultation_and_owning")]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION align_keep_history()"),
        migrations.RunSQL(HISTORY, "DROP TRIGGER history_never_changes ON strategy_history"),
        migrations.RunSQL(ROUND, "DROP TRIGGER round_text_never_changes ON strategy_round"),
        migrations.RunSQL(GATE, "DROP FUNCTION align_gate()"),
        migrations.RunSQL(GATE_TRIGGER, "DROP TRIGGER revision_gate ON strategy_revision"),
    ]
