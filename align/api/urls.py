"""The addresses of the API. A new verb is a new address; nothing is nested."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from align.api import reference, token_page
from align.api.views import (
    consultation,
    coverage,
    delivering,
    feedback,
    learning,
    owning,
    people,
    seeing,
    sticking,
    strategy,
    training,
    xapi,
)

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("strategies", strategy.Strategies, basename="strategies")
router.register("objectives", strategy.Objectives, basename="objectives")
router.register("drafts", strategy.Drafts, basename="drafts")
router.register("revisions", strategy.Revisions, basename="revisions")
router.register("consultations", consultation.Consultations, basename="consultations")
router.register("concerns", consultation.Concerns, basename="concerns")
router.register("comments", consultation.Comments, basename="comments")
router.register("suggestions", consultation.Suggestions, basename="suggestions")
router.register("briefs", owning.Briefs, basename="briefs")
router.register("acknowledgments", owning.Acknowledgments, basename="acknowledgments")
router.register("recall", owning.Recall, basename="recall")
router.register("teach-backs", owning.TeachBacks, basename="teach-backs")
router.register("history", consultation.HistoryRows, basename="history")
router.register("behaviors", strategy.Behaviors, basename="behaviors")
router.register("coverage", coverage.Coverage, basename="coverage")
router.register("modules", training.Modules, basename="modules")
router.register("versions", training.Versions, basename="versions")
router.register("images", learning.Images, basename="images")
router.register("progress", learning.Places, basename="progress")
router.register("attempts", learning.Attempts, basename="attempts")
router.register("mappings", training.Mappings, basename="mappings")
router.register("completions", training.Completions, basename="completions")
router.register("deliveries", delivering.Deliveries, basename="deliveries")
router.register("seats", delivering.Seats, basename="seats")
router.register("assignments", delivering.Assignments, basename="assignments")
router.register("imports", delivering.Imports, basename="imports")
router.register("drivers", sticking.Drivers, basename="drivers")
router.register("waivers", sticking.Waivers, basename="waivers")
router.register("barriers", sticking.Barriers, basename="barriers")
router.register("observations", training.Observations, basename="observations")
router.register("visits", seeing.Visits, basename="visits")
router.register("assessments", seeing.Assessments, basename="assessments")
router.register("reports", feedback.Reports, basename="reports")
router.register("decisions", feedback.Decisions, basename="decisions")
router.register("flags", strategy.Flags, basename="flags")
router.register("notices", people.Notices, basename="notices")
router.register("people", people.People, basename="people")
router.register("teams", people.Teams, basename="teams")
router.register("sales-roles", people.SalesRoles, basename="sales-roles")
router.register("audiences", people.Audiences, basename="audiences")

urlpatterns = [
    path("", reference.page, name="reference"),
    path("token/", token_page.token, name="token"),
    path("token/end/", token_page.end, name="end_token"),
    path("schema/", reference.Schema.as_view(), name="schema"),
    path("v1/me/", people.Me.as_view(), name="me"),
    path("v1/me/token/", people.MyToken.as_view(), name="me-token"),
    path("xapi/statements", xapi.WhereTheStandardHasThem.as_view(), name="xapi-plain"),
    path("v1/xapi/statements/", xapi.Statements.as_view(), name="xapi"),
    path("v1/asked/", sticking.Asked.as_view(), name="asked"),
    path("v1/", include(router.urls)),
    re_path("^", people.missing, name="missing"),
]
