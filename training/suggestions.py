"""Which modules could fill a gap: those whose text speaks of what the behavior asks for.

Words are compared as PostgreSQL's full text does, by their stems; a word that few modules use says
more than one that all of them use (inverse document frequency, as in Robertson's BM25). Titles
are compared by their letters as well (trigrams), which finds compounds and typing errors.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from align.people.models import User
from strategy.models import BehaviorRevision, Depth
from training import models
from training.models import DEEPEST_CLAIM, CellState, Kind, ModuleVersion

LIMIT = 4
WORDS = 120  # of the behavior that are compared
LETTERS = 20_000  # of a module's content that are read
WINDOW = 4  # words in a phrase: “cost of an hour”
ITSELF, BESIDE = 3, 1  # what a word counts: of the behavior, of what stands around it
# Words of which behaviors and trainings are full, whatever they are about.
COMMON_WORDS = (
    "again all also and ask asked asking asks bring brings customer customers day days each end "
    "ends every figure figures first five four from get gets give gives giving go goes half hand "
    "hands her his into its last leave leaves line lines make makes making minute minutes month "
    "months name named names naming never new next no not one only open opens our out own page "
    "people per person plan put puts read real same say says second see sees send sends show shows "
    "six start stay stays stop take takes taking talk tell tells ten than that the their then they "
    "three time times twice two use used uses using we week weeks what when which who why will "
    "with without word words work write writes writing written year years you your"
)
COMMON = frozenset(COMMON_WORDS.split())
TITLES_ALIKE = 0.45  # from here on a title is close to the behavior
NEAR, DEEP, OWN = 0.25, 0.1, 0.05  # what counts beside the words, which count up to 1


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A module that is likely to teach a behavior, and why in words."""

    version: ModuleVersion
    meta: str  # “Negotiation · 45 min · you”
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """All reasons in one line: “Both speak of “uptime”; can claim Practiced”."""
        first, *others = self.reasons
        return "; ".join([first, *(reason[0].lower() + reason[1:] for reason in others)])


@dataclass(frozen=True, kw_only=True)
class Text:
    """How a module's text compares with the words of a behavior."""

    share: float  # 0 to 1: how much of what the behavior says, weighted by rarity
    title: float  # 0 to 1: how alike the title is, by its letters
    phrases: tuple[str, ...]  # that both use, the most telling first


NOTHING = Text(share=0.0, title=0.0, phrases=())


def likely(
    cell: CellState, *, user: User, limit: int = LIMIT, words: BehaviorRevision | None = None
) -> list[Suggestion]:
    """Return modules that could take a cell deeper and are not mapped to it, the likeliest first.

    Two statements, and one more where the words in force are not given.
    """
    if words is None:
        in_force = BehaviorRevision.objects.in_force().select_related("revision", "behavior")
        words = in_force.filter(behavior=cell.behavior_id).first()
    if words is None:
        return []
    found = _candidates(words, user, deeper_than=cell.depth, audience=cell.audience_id)
    return _judged(found, words, user, required=cell.required)[:limit]


def for_behavior(words: BehaviorRevision, *, user: User, limit: int = LIMIT) -> list[Suggestion]:
    """Return modules that are not mapped to a behavior at all, the likeliest first."""
    found = _candidates(words, user, deeper_than=Depth.NONE, audience=None)
    return _judged(found, words, user, required=words.required_depth)[:limit]


def _candidates(
    words: BehaviorRevision, user: User, *, deeper_than: int, audience: int | None
) -> QuerySet[ModuleVersion]:
    kinds = [kind for kind, deepest in DEEPEST_CLAIM.items() if deepest > deeper_than]
    claims = models.Mapping.objects.alive().filter(version=OuterRef("pk"))
    here = claims.filter(behavior=words.behavior_id)
    near = claims.filter(behavior__objective=words.behavior.objective_id)
    return (
        ModuleVersion.objects.visible_to(user)
        .in_use()
        .filter(kind__in=kinds)
        .exclude(Exists(here.filter(audience=audience) if audience else here))
        .annotate(
            neighbor=Subquery(
                near.exclude(behavior=words.behavior_id)
                .order_by("behavior__code")
                .values("behavior__code")[:1]
            )
        )
        .select_related("module__program", "module__owner")
        .defer("content", "quiz")
    )


def _judged(
    found: Iterable[ModuleVersion], words: BehaviorRevision, user: User, *, required: int
) -> list[Suggestion]:
    """Put the reasons to each candidate. Where none is like it, those deep enough have to do."""
    versions = list(found)
    texts = _compared([version.pk for version in versions], words)
    ranked = sorted(
        ((_worth(row, texts.get(row.pk, NOTHING), user, required), row) for row in versions),
        key=lambda pair: (-pair[0], pair[1].title, pair[1].pk),
    )
    said = [_suggestion(row, texts.get(row.pk, NOTHING), user) for _, row in ranked]
    alike = [one for one in said if len(one.reasons) > 1]
    return alike or [one for one in said if _enough(one.version, required)]


def _enough(version: ModuleVersion, required: int) -> bool:
    return Kind(version.kind).deepest >= required


def _neighbor(version: ModuleVersion) -> str:
    return version.neighbor or ""  # type: ignore[attr-defined]  # annotated


def _worth(version: ModuleVersion, text: Text, user: User, required: int) -> float:
    alike = text.title if text.title >= TITLES_ALIKE else 0.0
    near = NEAR if _neighbor(version) else 0.0
    deep = DEEP if _enough(version, required) else 0.0
    own = OWN if version.module.owner_id == user.pk else 0.0
    return text.share + alike / 2 + near + deep + own


def _suggestion(version: ModuleVersion, text: Text, user: User) -> Suggestion:
    owner = "you" if version.module.owner_id == user.pk else version.module.owner.name
    return Suggestion(
        version=version,
        meta=f"{version.module.program.name} · {version.length} · {owner}",
        reasons=tuple(_reasons(version, text)),
    )


def _reasons(version: ModuleVersion, text: Text) -> Iterable[str]:
    if text.phrases:
        yield "Both speak of " + " and ".join(f"“{phrase}”" for phrase in text.phrases[:2])
    elif text.title >= TITLES_ALIKE:
        yield "Its title is close to the behavior"
    if _neighbor(version):
        yield f"Teaches the neighboring behavior {_neighbor(version)}"
    yield f"Can claim {Kind(version.kind).deepest.label}"


# A term is a word, or two words that stand together; ``phraseto_tsquery`` keeps the distance
# between them, so that “cost of an hour” is not “hour … cost”. A phrase that many modules use says
# nothing, one that a single module uses says most. Long texts use more words: they count for less.
COMPARE = """
WITH term AS (
    SELECT DISTINCT ON (query::text) label, query, numnode(query) AS nodes, asked
      FROM (SELECT label, asked, phraseto_tsquery('english', label) AS query
              FROM unnest(%(labels)s::text[], %(asked)s::int[]) AS said (label, asked)) AS read
     WHERE numnode(query) = CASE WHEN strpos(label, ' ') > 0 THEN 3 ELSE 1 END
     ORDER BY query::text, asked DESC, length(label), label
), text AS MATERIALIZED (
    SELECT version.id, title,
           to_tsvector('english', title || ' . ' || left(content, %(letters)s)) AS words,
           to_tsvector('english', title) AS title_words
      FROM training_moduleversion AS version
      JOIN training_module AS module ON module.current_id = version.id
     WHERE module.state = 'published'
), size AS (
    SELECT count(*) AS texts, greatest(avg(length(words)), 1) AS words FROM text
), hit AS (
    SELECT text.id, term.label, term.nodes, term.query::text AS query,
           CASE WHEN text.title_words @@ term.query THEN 2 ELSE 1 END AS heading
      FROM text JOIN term ON text.words @@ term.query
), rare AS (
    SELECT term.query::text AS query, term.asked
           * ln(1 + (size.texts - count(hit.id) + 0.5) / (count(hit.id) + 0.5)) AS weight,
           count(hit.id) <= greatest(2, 0.15 * size.texts) AS telling
      FROM size CROSS JOIN term LEFT JOIN hit ON hit.query = term.query::text
     GROUP BY term.query::text, term.asked, size.texts
), whole AS (
    SELECT greatest(sum(weight), 1e-9) AS weight FROM rare
)
SELECT text.id,
       least(1, coalesce(sum(rare.weight * hit.heading) FILTER (WHERE rare.telling), 0)
                / whole.weight / (0.4 + 0.6 * length(text.words) / size.words)),
       word_similarity(text.title, %(words)s),
       coalesce(array_agg(hit.label ORDER BY rare.weight * hit.nodes DESC, hit.label)
                FILTER (WHERE rare.telling), '{}')
  FROM text CROSS JOIN whole CROSS JOIN size
  LEFT JOIN hit ON hit.id = text.id
  LEFT JOIN rare ON rare.query = hit.query
 WHERE text.id = ANY(%(versions)s)
 GROUP BY text.id, text.title, text.words, whole.weight, size.words
"""


def _compared(versions: Sequence[int], words: BehaviorRevision) -> Mapping[int, Text]:
    """Compare the text of these versions with the words of a behavior, in one statement."""
    if not versions:
        return {}
    asked = dict.fromkeys(terms((words.revision.title, words.revision.we_will)), BESIDE)
    asked |= dict.fromkeys(terms((words.occasion, words.standard)), BESIDE)
    asked |= dict.fromkeys(terms((words.statement,)), ITSELF)
    with connection.cursor() as cursor:
        cursor.execute(
            COMPARE,
            {
                "versions": list(versions),
                "labels": list(asked),
                "asked": list(asked.values()),
                "words": words.statement,
                "letters": LETTERS,
            },
        )
        return {
            pk: Text(share=float(share), title=float(title), phrases=tuple(apart(phrases)))
            for pk, share, title, phrases in cursor.fetchall()
        }


def terms(fields: Iterable[str]) -> list[str]:
    """Return the words of some texts, and what stands together in one sentence.

    Words of which every training is full are left out, unless they stand between others.
    """
    found: dict[str, None] = {}
    left = WORDS
    for sentence in (part for field in fields for part in re.split(r"[.;:!?()\n]+", field)):
        bare = re.findall(r"[^\W\d_]{2,}", sentence.lower())[:left]
        left -= len(bare)
        for begin, first in enumerate(bare):
            for end in range(begin, min(begin + WINDOW, len(bare))):
                if first not in COMMON and bare[end] not in COMMON:
                    found[" ".join(bare[begin : end + 1])] = None
    return list(found)


def apart(phrases: Iterable[str]) -> Iterable[str]:
    """Leave out what only repeats a word of a phrase before it."""
    said: set[str] = set()
    for phrase in phrases:
        bare = {word for word in phrase.split() if len(word) > 3}
        if not bare & said:
            yield phrase
            said |= bare
