from typing import Any

import pytest
from django.test import Client

from align.people.models import Role
from strategy.models import Objective, Strategy
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team], name="From pumps to uptime")


@pytest.fixture
def lena(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.lena)
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_an_empty_installation_says_what_to_do(lena: Client) -> None:
    text = page(lena, "/strategy/")
    assert "No strategy here yet. Paste it, import it, or try the example." in text
    assert "/strategy/new/" in text


@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa", "ada"])
def test_everybody_reads_what_is_in_force(
    cast: make.Cast,
    plan: Strategy,
    client: Client,
    who: str,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(4):
        make.objective(strategy_=plan, by=cast.lena, code=f"A{number}", title=f"Choice {number}")
    client.force_login(getattr(cast, who))
    with django_assert_max_num_queries(13):
        text = page(client, "/strategy/from-pumps-to-uptime/")
    assert "We will price on guaranteed hours." in text
    assert "We stop discounting hardware." in text
    assert 'id="a3-4"' in text
    assert "From pumps to uptime" in page(client, "/strategy/")
    assert ("/objectives/new/" in text) == (who == "lena")


def test_the_text_costs_the_same_however_long(
    cast: make.Cast, plan: Strategy, lena: Client, django_assert_num_queries: Any
) -> None:
    make.objective(strategy_=plan, by=cast.lena)
    with django_assert_num_queries(12):
        page(lena, plan.get_absolute_url())
    for _ in range(5):
        make.objective(strategy_=plan, by=cast.lena)
    with django_assert_num_queries(12):
        page(lena, plan.get_absolute_url())


def test_a_draft_strategy_is_its_leads(cast: make.Cast, client: Client) -> None:
    other = make.user("Lars", Role.LEAD)
    client.force_login(other)
    client.post("/strategy/new/", {"name": "Quiet plan", "statement": "Secret."})
    assert Strategy.objects.get().lead == other
    page(client, "/strategy/quiet-plan/")
    for who in (cast.lena, cast.tom, cast.ada):
        client.force_login(who)
        page(client, "/strategy/quiet-plan/", 404)
        page(client, "/strategy/quiet-plan/activate/", 404)
        page(client, "/strategy/quiet-plan/objectives/new/", 404)
        assert "Quiet plan" not in page(client, "/strategy/")


@pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada"])
def test_only_leads_write_strategies(cast: make.Cast, client: Client, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert "This is for strategy leads." in page(client, "/strategy/new/", 403)
    assert client.post("/strategy/new/", {"name": "Mine"}).status_code == 403
    assert not Strategy.objects.exists()


def test_another_lead_is_told_who_can(cast: make.Cast, plan: Strategy, client: Client) -> None:
    client.force_login(make.user("Lars", Role.LEAD))
    for path in ("activate", "objectives/new"):
        text = page(client, f"{plan.get_absolute_url()}{path}/", 403)
        assert "This is for strategy leads. Lena can open it for you." in text


def test_a_strategy_needs_a_name(lena: Client) -> None:
    answer = lena.post("/strategy/new/", {"name": " ", "statement": "We sell hours."})
    assert answer.status_code == 422
    assert "We sell hours." in answer.content.decode()


def test_a_strategy_is_written_and_put_in_force(cast: make.Cast, lena: Client) -> None:
    answer = lena.post("/strategy/new/", {"name": "New plan", "teams": [cast.team.pk]})
    assert answer["Location"] == "/strategy/new-plan/"
    assert "Put in force" in page(lena, "/strategy/new-plan/")
    page(lena, "/strategy/new-plan/activate/")
    assert Strategy.objects.get().state == Strategy.State.DRAFT, "looking changes nothing"
    assert lena.post("/strategy/new-plan/activate/").status_code == 302
    assert Strategy.objects.get().state == Strategy.State.ACTIVE


def test_a_strategy_for_nobody_stays_a_draft(lena: Client) -> None:
    lena.post("/strategy/new/", {"name": "New plan"})
    answer = lena.post("/strategy/new-plan/activate/")
    assert answer.status_code == 422
    assert "Name the teams this strategy is for." in answer.content.decode()


def new_objective(client: Client, plan: Strategy, **changes: Any) -> Any:
    given = {"code": "A4", "title": "Sell hours", "new_theme": "Price", "owner": plan.lead_id}
    return client.post(f"{plan.get_absolute_url()}objectives/new/", given | changes)


def test_an_objective_begins_as_a_draft_in_a_theme(plan: Strategy, lena: Client) -> None:
    answer = new_objective(lena, plan)
    made = Objective.objects.get()
    assert answer["Location"] == f"/objectives/{made.pk}/draft/"
    assert (made.code, made.theme.name, made.state) == ("A4", "Price", "draft")
    new_objective(lena, plan, code="A5", theme=made.theme_id, new_theme="")
    assert Objective.objects.get(code="A5").theme == made.theme
    assert "A4 Sell hours" in page(lena, plan.get_absolute_url())


def test_drafts_are_not_in_the_text_of_others(
    cast: make.Cast, plan: Strategy, lena: Client, client: Client
) -> None:
    new_objective(lena, plan)
    client.force_login(cast.tom)
    assert "Sell hours" not in page(client, plan.get_absolute_url())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "A1"}, "code"),
        ({"title": " "}, "title"),
        ({"new_theme": ""}, "theme"),
        ({"theme": 987654}, "theme"),
        ({"owner": 987654}, "owner"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    cast: make.Cast, plan: Strategy, lena: Client, wrong: dict[str, Any], field: str
) -> None:
    make.draft(strategy_=plan, by=cast.lena, code="A1")
    answer = new_objective(lena, plan, we_will="Price on hours.", **wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Price on hours." in answer.content.decode()
    assert Objective.objects.count() == 1


def test_a_theme_of_another_strategy_is_not_offered(
    cast: make.Cast, plan: Strategy, lena: Client
) -> None:
    other = make.active_strategy(lead=cast.lena, teams=[cast.team])
    answer = new_objective(lena, plan, theme=make.theme(other).pk, new_theme="")
    assert "theme" in answer.context["form"].errors


def test_the_lead_edits_what_stands_above(
    cast: make.Cast, plan: Strategy, lena: Client, client: Client
) -> None:
    address = f"{plan.get_absolute_url()}edit/"
    assert 'value="From pumps to uptime"' in page(lena, address)
    given = {"name": "From hours to uptime", "statement": "Hours.", "teams": [cast.team.pk]}
    assert lena.post(address, given)["Location"] == "/strategy/from-pumps-to-uptime/"
    assert "From hours to uptime" in page(lena, plan.get_absolute_url())
    answer = lena.post(address, {"name": "For nobody"})
    assert answer.status_code == 422
    assert "name the teams" in answer.content.decode()
    client.force_login(cast.tom)
    page(client, address, 403)
    assert client.post(address, given).status_code == 403


def test_a_refused_start_leads_to_where_teams_are_named(lena: Client) -> None:
    lena.post("/strategy/new/", {"name": "New plan"})
    answer = lena.post("/strategy/new-plan/activate/")
    assert "/strategy/new-plan/edit/#id_teams" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["new/", "{slug}/edit/", "{slug}/activate/", "{slug}/objectives/new/"]
)
def test_the_forms_cost_little(
    plan: Strategy, lena: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(9):
        page(lena, f"/strategy/{path.format(slug=plan.slug)}")
