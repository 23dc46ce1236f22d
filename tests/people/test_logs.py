"""No log line holds the secret part of an address."""

import logging

import pytest
import structlog


@pytest.fixture
def formatter() -> logging.Formatter:
    """The formatter of the console, as the settings make it."""
    return next(
        handler.formatter
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Not Found: /calendar/Q2x-9_aZ.ics", "Not Found: /calendar/[hidden]"),
        ("GET /accounts/password/reset/key/3-abc/ 200", "/password/reset/key/[hidden]/ 200"),
        ("GET /training/calendar/?month=2026-11", "/training/calendar/?month=2026-11"),
    ],
)
def test_a_line_of_django_hides_it(formatter: logging.Formatter, said: str, kept: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, said, (), None)
    line = formatter.format(record)
    assert kept in line
    assert "9_aZ" not in line
    assert "3-abc" not in line


def test_a_line_of_our_own_hides_it(formatter: logging.Formatter) -> None:
    record = logging.LogRecord("align", logging.INFO, "", 1, "", (), None)
    record.msg = {"event": "request_finished", "request": "GET /calendar/Q2x-9_aZ.ics"}
    record._logger, record._name = structlog.get_logger(), "info"
    assert "GET /calendar/[hidden]" in formatter.format(record)
