from django.db import migrations

# Nobody knows where a team stood before places were kept: it always stood where it stands.
KNOWN = """
INSERT INTO people_teamplace (team_id, parent_id, begins)
SELECT id, parent_id, DATE '0001-01-01' FROM people_team
"""

PLACE = """
CREATE FUNCTION people_keep_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO people_teamplace (team_id, parent_id, begins)
        VALUES (NEW.id, NEW.parent_id, DATE '0001-01-01');
        RETURN NULL;
    END IF;
    UPDATE people_teamplace SET parent_id = NEW.parent_id
    WHERE team_id = NEW.id AND ends IS NULL AND begins = CURRENT_DATE;
    IF NOT FOUND THEN
        UPDATE people_teamplace SET ends = CURRENT_DATE WHERE team_id = NEW.id AND ends IS NULL;
        INSERT INTO people_teamplace (team_id, parent_id, begins)
        VALUES (NEW.id, NEW.parent_id, CURRENT_DATE);
    END IF;
    RETURN NULL;
END
$$
"""

KEEP = """
CREATE TRIGGER team_places_kept_first AFTER INSERT ON people_team
FOR EACH ROW EXECUTE FUNCTION people_keep_place();
CREATE TRIGGER team_places_kept AFTER UPDATE OF parent_id ON people_team
FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id)
EXECUTE FUNCTION people_keep_place()
"""

# The same people as the view people_audience_member, with the tree of teams of that day.
MEMBERS = """
CREATE FUNCTION people_members_on(asked date)
RETURNS TABLE (audience_id bigint, user_id bigint, team_id bigint)
LANGUAGE sql STABLE ROWS 5000 AS $$
WITH RECURSIVE tree (ancestor_id, team_id) AS (
    SELECT id, id FROM people_team
    UNION
    SELECT tree.ancestor_id, place.team_id
    FROM tree JOIN people_teamplace AS place ON place.parent_id = tree.team_id
        AND place.begins <= asked AND (place.ends IS NULL OR place.ends > asked)
)
SELECT DISTINCT rule_role.audience_id, membership.user_id, membership.team_id
FROM people_audience_sales_roles AS rule_role
JOIN people_audience_teams AS rule_team ON rule_team.audience_id = rule_role.audience_id
JOIN tree ON tree.ancestor_id = rule_team.team_id
JOIN people_membership AS membership
    ON membership.team_id = tree.team_id AND membership.sales_role_id = rule_role.salesrole_id
    AND membership.begins <= asked AND (membership.ends IS NULL OR membership.ends > asked)
JOIN (
    SELECT user_id, MIN(begins) AS day
    FROM people_membership
    WHERE sales_role_id IS NOT NULL
    GROUP BY user_id
) AS first ON first.user_id = membership.user_id AND first.day + 30 <= asked
$$
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_team_places")]

    operations = [
        migrations.RunSQL(KNOWN, "DELETE FROM people_teamplace"),
        migrations.RunSQL(PLACE, "DROP FUNCTION people_keep_place()"),
        migrations.RunSQL(
            KEEP,
            "DROP TRIGGER team_places_kept ON people_team;"
            "DROP TRIGGER team_places_kept_first ON people_team",
        ),
        migrations.RunSQL(MEMBERS, "DROP FUNCTION people_members_on(date)"),
    ]
