from django.db import migrations

TREE = """
CREATE VIEW people_team_tree AS
WITH RECURSIVE tree (ancestor_id, team_id) AS (
    SELECT id, id FROM people_team
    UNION
    SELECT tree.ancestor_id, team.id
    FROM tree JOIN people_team AS team ON team.parent_id = tree.team_id
)
SELECT ancestor_id, team_id FROM tree
"""

# Tenure is thirty days since the person first sold for us, in whatever team. A rule whose team
# subtrees overlap names a person once.
MEMBER = """
CREATE VIEW people_audience_member AS
SELECT DISTINCT
    rule_role.audience_id,
    membership.user_id,
    membership.team_id,
    GREATEST(membership.begins, first.day + 30) AS counts_from,
    membership.ends
FROM people_audience_sales_roles AS rule_role
JOIN people_audience_teams AS rule_team ON rule_team.audience_id = rule_role.audience_id
JOIN people_team_tree AS tree ON tree.ancestor_id = rule_team.team_id
JOIN people_membership AS membership
    ON membership.team_id = tree.team_id AND membership.sales_role_id = rule_role.salesrole_id
JOIN (
    SELECT user_id, MIN(begins) AS day
    FROM people_membership
    WHERE sales_role_id IS NOT NULL
    GROUP BY user_id
) AS first ON first.user_id = membership.user_id
WHERE membership.ends IS NULL OR membership.ends > first.day + 30
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(TREE, "DROP VIEW people_team_tree"),
        migrations.RunSQL(MEMBER, "DROP VIEW people_audience_member"),
    ]
