import pytest

from strategy.models import Objective, Strategy
from tests import make
from tests.api.caller import Caller


@pytest.fixture
def cast(db: None) -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team], name="Uptime")


@pytest.fixture
def objective(cast: make.Cast, plan: Strategy) -> Objective:
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


@pytest.fixture
def lena(cast: make.Cast) -> Caller:
    return Caller(cast.lena)


@pytest.fixture
def tom(cast: make.Cast) -> Caller:
    return Caller(cast.tom)


@pytest.fixture
def mia(cast: make.Cast) -> Caller:
    return Caller(cast.mia)


@pytest.fixture
def rosa(cast: make.Cast) -> Caller:
    return Caller(cast.rosa)


@pytest.fixture
def ada(cast: make.Cast) -> Caller:
    return Caller(cast.ada)
