"""The steps of the coverage statement, each of which can be read and run alone.

Everything is as of one moment, ``%(now)s``: rows count that had happened until then and were
recorded until then, so that nothing which is recorded later moves the figures of a past day.

Some words are there for the planner: it takes an anti-join for one row and then loops over loops,
so what is left out is asked with NOT IN; ORDINALITY lets it see how many members there may be.
"""

# What each objective says at the moment: the newest published revision that is in force; where
# nothing is in force yet and what comes is asked for, the newest published one.
IN_FORCE = """
RECURSIVE words AS MATERIALIZED (
    SELECT DISTINCT ON (objective.id)
           objective.id AS objective_id, revision.id AS revision_id, revision.epoch,
           revision.effective_from <= %(now)s AS in_force
    FROM strategy_objective AS objective
    JOIN strategy_revision AS revision ON revision.objective_id = objective.id
        AND revision.state = 'published' AND revision.published_at <= %(now)s
        AND (revision.effective_from <= %(now)s OR %(upcoming)s)
    WHERE (%(all)s OR objective.id = ANY(%(ids)s))
      AND (objective.retired_at IS NULL OR objective.retired_at > %(now)s)
    ORDER BY objective.id, revision.effective_from <= %(now)s DESC, revision.number DESC
), cell AS MATERIALIZED (
    SELECT words.objective_id, said.behavior_id, asked.audience_id,
           said.critical, said.required_depth AS required,
           said.fingerprint, said.fingerprint_since AS since,
           COALESCE(said.fingerprint_since >= epoch.effective_from, FALSE) AS touched
    FROM words
    JOIN strategy_behaviorrevision AS said ON said.revision_id = words.revision_id
    JOIN strategy_behaviorrevision_audiences AS asked ON asked.behaviorrevision_id = said.id
    LEFT JOIN strategy_revision AS epoch ON epoch.objective_id = words.objective_id
        AND epoch.number = words.epoch AND epoch.state = 'published'
)"""

# Every claim on a cell, at its newest review until then. Claims of drafts, of retired modules and
# of versions published later are none.
CLAIMED = """
, claimed AS MATERIALIZED (
    SELECT DISTINCT ON (mapping.id)
           mapping.id, mapping.behavior_id, mapping.audience_id AS claimed_for,
           mapping.version_id, version.module_id, mapping.depth,
           review.fingerprint, review.cleared
    FROM (SELECT DISTINCT behavior_id FROM cell) AS said
    JOIN training_mapping AS mapping ON mapping.behavior_id = said.behavior_id
    JOIN training_mappingreview AS review
        ON review.mapping_id = mapping.id AND review.at <= %(now)s
    JOIN training_moduleversion AS version ON version.id = mapping.version_id
        AND version.state = 'published' AND version.published_at <= %(now)s
    JOIN training_module AS module ON module.id = version.module_id
        AND (module.retired_at IS NULL OR module.retired_at > %(now)s)
    WHERE mapping.state <> 'proposed' AND mapping.created_at <= %(now)s
      AND (mapping.retired_at IS NULL OR mapping.retired_at > %(now)s)
    ORDER BY mapping.id, review.at DESC, review.id DESC
), claim AS MATERIALIZED (
    SELECT claimed.id, cell.behavior_id, cell.audience_id, claimed.claimed_for,
           claimed.version_id, claimed.module_id, claimed.depth, claimed.cleared, cell.since,
           claimed.fingerprint = cell.fingerprint AS fits
    FROM cell JOIN claimed ON claimed.behavior_id = cell.behavior_id
), due AS MATERIALIZED (
    SELECT module_id, audience_id, due_on FROM training_assignment
    WHERE due_on < %(day)s AND created_at <= %(now)s
      AND (ended_at IS NULL OR ended_at > %(now)s)
      AND module_id = ANY(ARRAY(SELECT module_id FROM claim))
)"""

# Who is in which audience on the day, and which of them are in the team that is asked for.
MEMBERS = """
, below (team_id) AS (
    SELECT %(team)s::bigint WHERE %(team)s::bigint IS NOT NULL
    UNION
    SELECT place.team_id
    FROM below JOIN people_teamplace AS place ON place.parent_id = below.team_id
        AND place.begins <= %(day)s AND (place.ends IS NULL OR place.ends > %(day)s)
), member AS MATERIALIZED (
    SELECT audience_id, user_id,
           BOOL_OR(%(team)s::bigint IS NULL OR team_id IN (SELECT team_id FROM below)) AS inside
    FROM people_members_on(%(day)s) WITH ORDINALITY AS known (audience_id, user_id, team_id, n)
    WHERE audience_id = ANY(ARRAY(
        SELECT audience_id FROM cell UNION SELECT claimed_for FROM claim
        UNION SELECT audience_id FROM due))
    GROUP BY audience_id, user_id
), whom AS MATERIALIZED (
    SELECT audience_id, user_id FROM member
    WHERE inside AND audience_id = ANY(ARRAY(SELECT audience_id FROM cell))
)"""

# A claim holds a cell up only where its audience has every person of the cell's audience.
WHOLE = """
, short AS MATERIALIZED (
    SELECT pair.claimed_for, pair.audience_id, COUNT(*) AS missing
    FROM (
        SELECT DISTINCT claimed_for, audience_id FROM claim WHERE claimed_for <> audience_id
    ) AS pair
    JOIN member ON member.audience_id = pair.audience_id
    LEFT JOIN member AS taught
        ON taught.audience_id = pair.claimed_for AND taught.user_id = member.user_id
    WHERE taught.user_id IS NULL
    GROUP BY pair.claimed_for, pair.audience_id
), whole AS MATERIALIZED (
    SELECT * FROM claim
    WHERE (claimed_for, audience_id) NOT IN (SELECT claimed_for, audience_id FROM short)
), depths AS (
    SELECT behavior_id, audience_id,
           COALESCE(MAX(depth) FILTER (WHERE fits), 0) AS depth,
           COALESCE(MAX(depth) FILTER (WHERE NOT fits), 0) AS suspect_depth
    FROM whole GROUP BY behavior_id, audience_id
)"""

# Completions count from when the words took effect, or from ever where the change was cleared.
# The same goes for sessions and due dates: a plan for other words is no plan for these.
REACHED = """
, reached AS MATERIALIZED (
    SELECT whole.behavior_id, whole.audience_id, whom.user_id,
           MIN(completion.completed_at) AS first_at
    FROM whole
    JOIN training_completion AS completion ON completion.version_id = whole.version_id
        AND completion.completed_at <= %(now)s AND completion.created_at <= %(now)s
        AND (completion.completed_at >= whole.since OR whole.cleared)
    JOIN whom ON whom.audience_id = whole.audience_id AND whom.user_id = completion.user_id
    WHERE whole.fits
    GROUP BY whole.behavior_id, whole.audience_id, whom.user_id
), session AS MATERIALIZED (
    SELECT DISTINCT version.module_id, delivery.starts_at, seat.user_id
    FROM training_delivery AS delivery
    JOIN training_moduleversion AS version ON version.id = delivery.version_id
    JOIN training_seat AS seat ON seat.delivery_id = delivery.id
        AND seat.created_at <= %(now)s AND (seat.left_at IS NULL OR seat.left_at > %(now)s)
    WHERE delivery.held_at <= %(now)s AND delivery.starts_at <= %(now)s
      AND version.module_id = ANY(ARRAY(SELECT module_id FROM whole WHERE fits))
), planned AS MATERIALIZED (
    SELECT whole.behavior_id, whole.audience_id, whom.user_id
    FROM whole
    JOIN session ON session.module_id = whole.module_id
        AND (session.starts_at >= whole.since OR whole.cleared)
    JOIN whom ON whom.audience_id = whole.audience_id AND whom.user_id = session.user_id
    WHERE whole.fits
    UNION
    SELECT whole.behavior_id, whole.audience_id, whom.user_id
    FROM whole
    JOIN due ON due.module_id = whole.module_id
        AND (due.due_on >= (whole.since AT TIME ZONE 'UTC')::date OR whole.cleared)
    JOIN member ON member.audience_id = due.audience_id
    JOIN whom ON whom.audience_id = whole.audience_id AND whom.user_id = member.user_id
    WHERE whole.fits
)"""

# What was seen of the words in force, whatever the number of the revision that said them. Of two
# looks at one moment the worse counts, so that the order of typing does not.
SEEN = """
, taught AS MATERIALIZED (
    SELECT DISTINCT said.id AS behavior_revision_id, said.behavior_id
    FROM cell
    JOIN strategy_behaviorrevision AS said
        ON said.behavior_id = cell.behavior_id AND said.fingerprint = cell.fingerprint
), look AS MATERIALIZED (
    SELECT taught.behavior_id, observation.user_id, observation.id, observation.observed_at,
           observation.level
    FROM taught
    JOIN training_observation AS observation USING (behavior_revision_id)
    WHERE observation.level IS NOT NULL AND observation.id NOT IN (
        SELECT corrects_id FROM training_observation
        WHERE corrects_id IS NOT NULL AND created_at <= %(now)s)
      AND observation.created_at <= %(now)s AND observation.observed_at <= %(now)s
      AND observation.observed_at > LEAST(%(seen_since)s, %(earlier_since)s)
), newest AS MATERIALIZED (
    SELECT DISTINCT ON (span.name, look.behavior_id, look.user_id)
           span.name AS span, look.id, look.behavior_id, look.user_id, look.level
    FROM look
    JOIN (VALUES
        ('seen', %(seen_since)s::timestamptz, %(now)s::timestamptz),
        ('earlier', %(earlier_since)s, %(later_since)s),
        ('later', %(later_since)s, %(now)s)
    ) AS span (name, since, until)
        ON look.observed_at > span.since AND look.observed_at <= span.until
    ORDER BY span.name, look.behavior_id, look.user_id,
             look.observed_at DESC, look.level, look.id DESC
), judged AS MATERIALIZED (
    SELECT DISTINCT ON (taught.behavior_id, assessment.user_id)
           assessment.id, taught.behavior_id, assessment.user_id, assessment.level
    FROM taught
    JOIN training_assessment AS assessment USING (behavior_revision_id)
    WHERE assessment.id NOT IN (
        SELECT corrects_id FROM training_assessment
        WHERE corrects_id IS NOT NULL AND created_at <= %(now)s)
      AND assessment.created_at <= %(now)s AND assessment.assessed_at <= %(now)s
    ORDER BY taught.behavior_id, assessment.user_id,
             assessment.assessed_at DESC, assessment.level, assessment.id DESC
)"""

STEPS = "WITH " + IN_FORCE.strip() + CLAIMED + MEMBERS + WHOLE + REACHED + SEEN

# The figures of each cell, and beside each those of its objective, which counts people once. An
# objective that asks nobody for anything has one row without a cell.
FIGURES = (
    STEPS
    + """
, asked AS (
    SELECT audience_id, COUNT(*) AS people FROM whom GROUP BY audience_id
), took AS (
    SELECT behavior_id, audience_id, COUNT(*) AS people,
           MIN(first_at) FILTER (
               WHERE place >= CEIL(%(reached_share)s::numeric * asked_of)) AS reached_since,
           MIN(first_at) FILTER (WHERE 2 * place >= asked_of) AS median_at
    FROM (
        SELECT reached.*, asked.people AS asked_of, ROW_NUMBER() OVER (
            PARTITION BY behavior_id, audience_id ORDER BY first_at) AS place
        FROM reached JOIN asked USING (audience_id)
    ) AS ranked
    GROUP BY behavior_id, audience_id
), plan AS (
    SELECT behavior_id, audience_id, COUNT(*) AS people
    FROM planned GROUP BY behavior_id, audience_id
), proved AS (
    SELECT cell.behavior_id, cell.audience_id, COUNT(*) AS assessed,
           COUNT(*) FILTER (WHERE judged.level >= %(standard)s) AS demonstrated
    FROM cell
    JOIN judged ON judged.behavior_id = cell.behavior_id
    JOIN whom ON whom.audience_id = cell.audience_id AND whom.user_id = judged.user_id
    GROUP BY cell.behavior_id, cell.audience_id
), seen AS (
    SELECT cell.behavior_id, cell.audience_id,
           COUNT(*) FILTER (WHERE span = 'seen') AS observed,
           COUNT(*) FILTER (WHERE span = 'seen' AND good) AS at_standard,
           COUNT(*) FILTER (WHERE span = 'earlier') AS earlier_observed,
           COUNT(*) FILTER (WHERE span = 'earlier' AND good) AS earlier_at_standard,
           COUNT(*) FILTER (WHERE span = 'later') AS later_observed,
           COUNT(*) FILTER (WHERE span = 'later' AND good) AS later_at_standard
    FROM cell
    JOIN (SELECT newest.*, level >= %(standard)s AS good FROM newest) AS newest
        ON newest.behavior_id = cell.behavior_id
    JOIN whom ON whom.audience_id = cell.audience_id AND whom.user_id = newest.user_id
    GROUP BY cell.behavior_id, cell.audience_id
), waived AS (
    SELECT DISTINCT cell.behavior_id, cell.audience_id
    FROM cell
    JOIN training_waiver AS waiver USING (behavior_id, audience_id, fingerprint)
    WHERE waiver.created_at <= %(now)s AND (waiver.ended_at IS NULL OR waiver.ended_at > %(now)s)
), one_asked AS (
    SELECT cell.objective_id, COUNT(DISTINCT whom.user_id) AS people
    FROM cell JOIN whom USING (audience_id) GROUP BY cell.objective_id
), one_reached AS (
    SELECT cell.objective_id, COUNT(DISTINCT reached.user_id) AS people
    FROM cell JOIN reached USING (behavior_id, audience_id) GROUP BY cell.objective_id
), one_planned AS (
    SELECT cell.objective_id, COUNT(DISTINCT planned.user_id) AS people
    FROM cell JOIN planned USING (behavior_id, audience_id) GROUP BY cell.objective_id
)
SELECT words.objective_id, COALESCE(one_asked.people, 0),
       COALESCE(one_planned.people, 0), COALESCE(one_reached.people, 0),
       cell.behavior_id, cell.audience_id, cell.critical, cell.required,
       COALESCE(depths.depth, 0), COALESCE(depths.suspect_depth, 0),
       COALESCE(asked.people, 0), COALESCE(plan.people, 0), COALESCE(took.people, 0),
       took.reached_since, took.median_at,
       COALESCE(proved.assessed, 0), COALESCE(proved.demonstrated, 0),
       COALESCE(seen.observed, 0), COALESCE(seen.at_standard, 0),
       COALESCE(seen.earlier_observed, 0), COALESCE(seen.earlier_at_standard, 0),
       COALESCE(seen.later_observed, 0), COALESCE(seen.later_at_standard, 0),
       waived.behavior_id IS NOT NULL, cell.touched
FROM words
LEFT JOIN cell USING (objective_id)
LEFT JOIN depths USING (behavior_id, audience_id)
LEFT JOIN asked USING (audience_id)
LEFT JOIN took USING (behavior_id, audience_id)
LEFT JOIN plan USING (behavior_id, audience_id)
LEFT JOIN proved USING (behavior_id, audience_id)
LEFT JOIN seen USING (behavior_id, audience_id)
LEFT JOIN waived USING (behavior_id, audience_id)
LEFT JOIN one_asked USING (objective_id)
LEFT JOIN one_reached USING (objective_id)
LEFT JOIN one_planned USING (objective_id)
ORDER BY words.objective_id, cell.behavior_id, cell.audience_id
"""
)

# Hours of completions, each once: all of them, and those of versions with a claim that counts.
HOURS = (
    STEPS
    + """
SELECT COALESCE(SUM(version.hours) FILTER (WHERE aligned.version_id IS NOT NULL), 0),
       COALESCE(SUM(version.hours), 0)
FROM training_completion AS completion
JOIN training_moduleversion AS version ON version.id = completion.version_id
LEFT JOIN (SELECT DISTINCT version_id FROM whole WHERE fits) AS aligned
    ON aligned.version_id = completion.version_id
WHERE completion.completed_at <= %(now)s AND completion.created_at <= %(now)s
"""
)
