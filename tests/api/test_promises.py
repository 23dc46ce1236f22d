"""Random requests against the API's own schema: no crash, and answers as the schema says."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.checks import negative_data_rejection

from align.api import reference, tokens
from align.people.models import Role
from tests.strangers import world

EXAMPLES = 5
NAMES = {"strategies": "strategy", "consultations": "round", "teach-backs": "teach_back"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def small(db: None) -> Iterator[world.World]:
    """Build the world, and keep its connection over the requests, as Django's client does."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield world.build()
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def token(small: world.World) -> str:
    """Sign in somebody who may do almost everything, so that requests get past the door."""
    lena = small.people["lead"]
    assert lena is not None
    lena.roles = [Role.LEAD, Role.TRAINER, Role.MANAGER]
    lena.save()
    return tokens.rotate(user=lena)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_api_answers_as_its_schema_says(
    small: world.World, token: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_dict(reference.document())
    schema.app = get_wsgi_application()
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        if mode == GenerationMode.NEGATIVE and not takes_anything(operation):
            continue
        walk(operation, real_ids(operation, small), token, mode)


def takes_anything(operation: Any) -> bool:
    return bool(operation.body) or bool(operation.query)


def real_ids(operation: Any, small: world.World) -> list[Any]:
    """Ids that are there, for the kind of object the address is about."""
    kind = operation.path.split("/")[3]
    single = NAMES.get(kind, kind.rstrip("s"))
    return [small.names[name] for name in (single, f"other_{single}") if name in small.names]


def walk(operation: Any, known: list[Any], token: str, mode: GenerationMode) -> None:
    checks = [*CHECKS, negative_data_rejection] if mode == GenerationMode.NEGATIVE else CHECKS

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.sampled_from([*known, None]))
    def ask(case: Any, real: Any) -> None:
        if real is not None and case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, str(real))
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Token {token}"})
            transaction.set_rollback(True)
        case.validate_response(answer, checks=checks)

    ask()
