"""The commands an installation consists of: the same here and in docker-compose.yml."""

from dataclasses import dataclass, field

# `prepare` has run Django's checks on this code; twice more would be seconds of every start.
CHECKED = {"CELERY_SKIP_CHECKS": "1"}


@dataclass(frozen=True)
class Command:
    """What is run, and the settings in which this part differs from the others."""

    argv: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def prepare() -> Command:
    """Migrate, and load the example where that is wanted. Statements may take their time."""
    return Command(
        argv=["python", "manage.py", "prepare"],
        environment={"ALIGN_STATEMENT_TIMEOUT_MS": "0"},
    )


def web(*, host: str, port: int) -> Command:
    """Serve the pages. A server process that dies takes the rest with it, for all to see."""
    argv = [
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        "--workers=2",
        "--blocking-threads=8",
        "--http=1",
        "--no-ws",
        "--http1-header-read-timeout=10000",
        "--workers-kill-timeout=8",
        "--log-level=error",  # its only warning doubts the number of threads
        "align.wsgi:application",
    ]
    return Command(argv=argv)


def worker(*, pool: str) -> Command:
    """Do the jobs. Threads stop at once; prefork outlives a job that takes its process down."""
    argv = [
        "celery",
        "--quiet",
        "--app=align",
        "worker",
        f"--pool={pool}",
        "--concurrency=2",
        "--without-gossip",
        "--without-mingle",
        "--loglevel=warning",
    ]
    return Command(argv=argv, environment={"ALIGN_STATEMENT_TIMEOUT_MS": "60000", **CHECKED})


def beat() -> Command:
    """Start the jobs of the timetable."""
    return Command(
        argv=["celery", "--quiet", "--app=align", "beat", "--loglevel=warning"], environment=CHECKED
    )
