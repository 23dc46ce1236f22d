"""Who gets what at every address: the whole table, to be read.

Columns: method, address, then the status for nobody, rep, trainer, manager, lead, admin.
Names in braces are of tests/strangers/world.py: ``{objective}`` is in force and Lena's own,
``{secret_…}`` belongs to another lead and is a draft, ``{other_…}`` is somebody else's.
A write is sent empty: 400 and 422 mean “you may, but say what”.
"""

from dataclasses import dataclass

ROLES = ("nobody", "rep", "trainer", "manager", "lead", "admin")

# Django's admin site and allauth are walked whole, by rules of their own.
BY_PREFIX = ("admin:", "account_", "mfa_")

API = """
GET    /api/                                                      302 200 200 200 200 200
GET    /api/token/                                                302 200 200 200 200 200
POST   /api/token/                                                302 200 200 200 200 200
POST   /api/token/end/                                            302 302 302 302 302 302
GET    /api/schema/                                               401 200 200 200 200 200
GET    /api/nothing/                                              404 404 404 404 404 404
POST   /api/v1/nothing/                                           404 404 404 404 404 404

GET    /api/v1/me/                                                401 200 200 200 200 200
POST   /api/v1/me/token/                                          403 201 201 201 201 201
DELETE /api/v1/me/token/                                          403 204 204 204 204 204

GET    /api/v1/strategies/                                        401 200 200 200 200 200
POST   /api/v1/strategies/                                        401 403 403 403 400 403
GET    /api/v1/strategies/{strategy}/                             401 200 200 200 200 200
GET    /api/v1/strategies/{secret_strategy}/                      401 404 404 404 404 404
GET    /api/v1/strategies/999999/                                 401 404 404 404 404 404
POST   /api/v1/strategies/{strategy}/activate/                    401 403 403 403 200 403
POST   /api/v1/strategies/{secret_strategy}/activate/             401 404 404 404 404 404

GET    /api/v1/objectives/                                        401 200 200 200 200 200
POST   /api/v1/objectives/                                        401 403 403 403 400 403
GET    /api/v1/objectives/{objective}/                            401 200 200 200 200 200
GET    /api/v1/objectives/{new_objective}/                        401 404 404 404 200 404
GET    /api/v1/objectives/{secret_objective}/                     401 404 404 404 404 404
POST   /api/v1/objectives/{objective}/draft/                      401 403 403 403 200 403
POST   /api/v1/objectives/{secret_objective}/draft/               401 404 404 404 404 404
POST   /api/v1/objectives/{objective}/retire/                     401 403 403 403 200 403
POST   /api/v1/objectives/{secret_objective}/retire/              401 404 404 404 404 404

GET    /api/v1/drafts/                                            401 200 200 200 200 200
GET    /api/v1/drafts/{draft}/                                    401 404 404 404 200 404
PUT    /api/v1/drafts/{draft}/                                    401 404 404 404 400 404
DELETE /api/v1/drafts/{draft}/                                    401 404 404 404 204 404
POST   /api/v1/drafts/{draft}/publish/                            401 404 404 404 400 404
GET    /api/v1/drafts/{secret_draft}/                             401 404 404 404 404 404
PUT    /api/v1/drafts/{secret_draft}/                             401 404 404 404 404 404
DELETE /api/v1/drafts/{secret_draft}/                             401 404 404 404 404 404
POST   /api/v1/drafts/{secret_draft}/publish/                     401 404 404 404 404 404

GET    /api/v1/behaviors/                                         401 200 200 200 200 200
GET    /api/v1/behaviors/{behavior}/                              401 200 200 200 200 200
GET    /api/v1/behaviors/{secret_behavior}/                       401 404 404 404 404 404

GET    /api/v1/coverage/                                          401 403 200 200 200 403
GET    /api/v1/coverage/{objective}/                              401 403 200 200 200 403
GET    /api/v1/coverage/{secret_objective}/                       401 403 404 404 404 403

GET    /api/v1/modules/                                           401 200 200 200 200 200
POST   /api/v1/modules/                                           401 403 400 403 403 403
GET    /api/v1/modules/{module}/                                  401 200 200 200 200 200
GET    /api/v1/modules/{other_module}/                            401 404 200 404 404 404
POST   /api/v1/modules/{module}/publish/                          401 403 200 403 403 403
POST   /api/v1/modules/{module}/draft/                            401 403 200 403 403 403
POST   /api/v1/modules/{module}/retire/                           401 403 200 403 403 403
POST   /api/v1/modules/{other_module}/publish/                    401 404 403 404 404 404
POST   /api/v1/modules/{other_module}/draft/                      401 404 403 404 404 404
POST   /api/v1/modules/{other_module}/retire/                     401 404 403 404 404 404
GET    /api/v1/versions/                                          401 200 200 200 200 200
GET    /api/v1/versions/{version}/                                401 200 200 200 200 200
GET    /api/v1/versions/{draft_version}/                          401 404 200 404 404 404
PUT    /api/v1/versions/{draft_version}/                          401 404 400 404 404 404
PUT    /api/v1/versions/{other_version}/                          401 404 403 404 404 404
GET    /api/v1/mappings/                                          401 200 200 200 200 200
POST   /api/v1/mappings/                                          401 403 400 403 403 403
GET    /api/v1/mappings/{mapping}/                                401 200 200 200 200 200
POST   /api/v1/mappings/{mapping}/clear/                          401 403 400 403 403 403
POST   /api/v1/mappings/{mapping}/retire/                         401 403 200 403 403 403
POST   /api/v1/mappings/{other_mapping}/clear/                    401 403 403 403 403 403
POST   /api/v1/mappings/{other_mapping}/retire/                   401 403 403 403 403 403
GET    /api/v1/mappings/999999/                                   401 404 404 404 404 404
GET    /api/v1/completions/                                       401 200 200 200 200 200
POST   /api/v1/completions/                                       401 400 400 400 400 400
POST   /api/v1/completions/batch/                                 401 400 400 400 400 400
GET    /api/v1/observations/                                      401 200 200 200 200 200
POST   /api/v1/observations/                                      401 403 403 400 403 403

GET    /api/v1/reports/                                           401 200 200 200 200 200
POST   /api/v1/reports/                                           401 400 400 400 400 400
GET    /api/v1/reports/{report}/                                  401 200 200 404 200 404
POST   /api/v1/reports/{report}/acknowledge/                      401 403 200 404 200 404
GET    /api/v1/reports/{told_report}/                             401 200 404 200 200 404
POST   /api/v1/reports/{told_report}/acknowledge/                 401 403 404 403 200 404
GET    /api/v1/reports/{other_report}/                            401 404 404 404 200 404
POST   /api/v1/reports/{other_report}/acknowledge/                401 404 404 404 200 404
GET    /api/v1/decisions/                                         401 200 200 200 200 200
POST   /api/v1/decisions/                                         401 400 400 400 400 400
GET    /api/v1/decisions/{decision}/                              401 200 200 200 200 200
GET    /api/v1/decisions/{private_decision}/                      401 200 404 404 200 404

GET    /api/v1/flags/                                             401 200 200 200 200 200
GET    /api/v1/flags/{flag}/                                      401 404 200 200 200 404
POST   /api/v1/flags/{flag}/acknowledge/                          401 404 200 200 200 404
GET    /api/v1/flags/{secret_flag}/                               401 404 404 404 404 404
POST   /api/v1/flags/{secret_flag}/acknowledge/                   401 404 404 404 404 404

GET    /api/v1/notices/                                           401 200 200 200 200 200
GET    /api/v1/notices/{rosas_notice}/                            401 200 404 404 404 404
POST   /api/v1/notices/{rosas_notice}/read/                       401 200 404 404 404 404
POST   /api/v1/notices/read/                                      401 200 200 200 200 200

GET    /api/v1/people/                                            401 200 200 200 200 200
GET    /api/v1/people/{rosa}/                                     401 200 404 200 404 200
GET    /api/v1/people/{other_rep}/                                401 404 404 404 404 200
GET    /api/v1/teams/                                             401 200 200 200 200 200
GET    /api/v1/teams/{team}/                                      401 200 200 200 200 200
GET    /api/v1/sales-roles/                                       401 200 200 200 200 200
GET    /api/v1/audiences/                                         401 200 200 200 200 200
"""

PAGES = """
GET    /healthz                                                   200 200 200 200 200 200
GET    /readyz                                                    503 503 503 503 503 503

GET    /                                                          302 200 200 200 200 200
GET    /start/                                                    302 403 403 403 200 200
GET    /coverage/                                                 302 403 200 200 200 403
GET    /coverage.csv                                              302 403 200 200 200 403
GET    /objectives/{objective}-{objective_slug}/                  302 200 200 200 200 200
GET    /objectives/{objective}/                                   302 302 302 302 302 302
GET    /objectives/{secret_objective}/                            302 404 404 404 404 404
GET    /objectives/{secret_objective}-secret/                     302 404 404 404 404 404
GET    /behaviors/{behavior}/                                     302 200 200 200 200 200
GET    /behaviors/{secret_behavior}/                              302 404 404 404 404 404
GET    /team/                                                     302 403 403 200 403 403
GET    /search/                                                   302 200 200 200 200 200
GET    /search/?q=secret                                          302 200 200 200 200 200

GET    /strategy/                                                 302 200 200 200 200 200
GET    /strategy/new/                                             302 403 403 403 200 403
POST   /strategy/new/                                             302 403 403 403 422 403
GET    /strategy/{slug}/                                          302 200 200 200 200 200
GET    /strategy/{secret_slug}/                                   302 404 404 404 404 404
GET    /strategy/{slug}/edit/                                     302 403 403 403 200 403
POST   /strategy/{slug}/edit/                                     302 403 403 403 422 403
POST   /strategy/{secret_slug}/edit/                              302 404 404 404 404 404
GET    /strategy/{slug}/activate/                                 302 403 403 403 200 403
POST   /strategy/{slug}/activate/                                 302 403 403 403 302 403
POST   /strategy/{secret_slug}/activate/                          302 404 404 404 404 404
GET    /strategy/{slug}/objectives/new/                           302 403 403 403 200 403
POST   /strategy/{slug}/objectives/new/                           302 403 403 403 422 403
POST   /strategy/{secret_slug}/objectives/new/                    302 404 404 404 404 404
GET    /objectives/{objective}/draft/                             302 403 403 403 200 403
POST   /objectives/{objective}/draft/                             302 403 403 403 422 403
GET    /objectives/{new_objective}/draft/                         302 404 404 404 200 404
GET    /objectives/{secret_objective}/draft/                      302 404 404 404 404 404
POST   /objectives/{secret_objective}/draft/                      302 404 404 404 404 404
GET    /objectives/{objective}/draft/publish/                     302 403 403 403 200 403
POST   /objectives/{objective}/draft/publish/                     302 403 403 403 422 403
POST   /objectives/{secret_objective}/draft/publish/              302 404 404 404 404 404
POST   /objectives/{objective}/draft/discard/                     302 403 403 403 302 403
POST   /objectives/{secret_objective}/draft/discard/              302 404 404 404 404 404
GET    /objectives/{objective}/owner/                             302 403 403 403 200 403
POST   /objectives/{objective}/owner/                             302 403 403 403 422 403
POST   /objectives/{secret_objective}/owner/                      302 404 404 404 404 404
POST   /objectives/{objective}/retire/                            302 403 403 403 302 403
POST   /objectives/{secret_objective}/retire/                     302 404 404 404 404 404
GET    /flags/                                                    302 403 200 200 200 403
GET    /flags/{flag}/                                             302 403 200 200 200 403
GET    /flags/{secret_flag}/                                      302 403 404 404 404 403
POST   /flags/{flag}/acknowledge/                                 302 403 302 302 302 403
POST   /flags/{secret_flag}/acknowledge/                          302 403 404 404 404 403

GET    /training/                                                 302 403 200 403 200 403
GET    /training/modules/                                         302 200 200 200 200 200
GET    /training/modules/new/                                     302 403 200 403 403 403
POST   /training/modules/new/                                     302 403 422 403 403 403
GET    /training/modules/{module}/                                302 200 200 200 200 200
GET    /training/modules/{other_module}/                          302 404 200 404 404 404
GET    /training/modules/{module}/edit/                           302 403 200 403 403 403
POST   /training/modules/{module}/edit/                           302 403 422 403 403 403
POST   /training/modules/{other_module}/edit/                     302 404 403 404 404 404
GET    /training/modules/{module}/publish/                        302 403 200 403 403 403
POST   /training/modules/{module}/publish/                        302 403 302 403 403 403
POST   /training/modules/{other_module}/publish/                  302 404 403 404 404 404
POST   /training/modules/{module}/versions/new/                   302 403 302 403 403 403
POST   /training/modules/{other_module}/versions/new/             302 404 403 404 404 404
GET    /training/modules/{module}/retire/                         302 403 200 403 403 403
POST   /training/modules/{module}/retire/                         302 403 302 403 403 403
POST   /training/modules/{other_module}/retire/                   302 404 403 404 404 404
GET    /training/modules/{module}/completions/                    302 403 200 403 403 403
POST   /training/modules/{module}/completions/                    302 403 422 403 403 403
GET    /training/map/                                             302 403 200 403 403 403
GET    /training/map/?behavior={behavior}&version={version}       302 403 200 403 403 403
POST   /training/map/?behavior={behavior}&version={version}       302 403 422 403 403 403
GET    /training/mappings/{mapping}/clear/                        302 403 200 403 403 403
POST   /training/mappings/{mapping}/clear/                        302 403 422 403 403 403
POST   /training/mappings/{other_mapping}/clear/                  302 403 403 403 403 403
POST   /training/mappings/{mapping}/retire/                       302 403 302 403 403 403
POST   /training/mappings/{other_mapping}/retire/                 302 403 403 403 403 403
GET    /training/learn/                                           302 200 200 200 200 200
GET    /training/learn/{module}/                                  302 200 200 200 200 200
POST   /training/learn/{module}/                                  302 302 302 302 302 302
GET    /training/learn/{other_module}/                            302 404 404 404 404 404
GET    /team/visits/new/                                          302 403 403 200 403 403
GET    /team/visits/new/?person={rosa}&behavior={behavior}        302 403 403 200 403 403
POST   /team/visits/new/?person={rosa}&behavior={behavior}        302 403 403 422 403 403
GET    /team/visits/new/?person={other_rep}&behavior={behavior}   302 403 403 200 403 403

GET    /tell/                                                     302 200 200 200 200 200
GET    /tell/?about={objective}                                   302 200 200 200 200 200
GET    /tell/?about={secret_objective}                            302 200 200 200 200 200
POST   /tell/                                                     302 422 422 422 422 422
GET    /tell/mine/                                                302 200 200 200 200 200
GET    /tell/sent/{report}/                                       302 200 404 404 404 404
GET    /voice/                                                    302 403 200 200 200 403
GET    /voice/reports/{report}/                                   302 200 200 404 200 404
POST   /voice/reports/{report}/acknowledge/                       302 403 302 404 302 404
GET    /voice/reports/{told_report}/                              302 200 404 200 200 404
POST   /voice/reports/{told_report}/acknowledge/                  302 403 404 403 302 404
GET    /voice/reports/{other_report}/                             302 404 404 404 200 404
POST   /voice/reports/{other_report}/acknowledge/                 302 404 404 404 302 404
GET    /voice/decide/                                             302 302 302 302 302 302
GET    /voice/decide/?report={report}                             302 403 200 404 200 404
GET    /voice/decide/?report={told_report}                        302 403 404 403 200 404
GET    /voice/decide/?report={other_report}                       302 404 404 404 200 404
POST   /voice/decide/                                             302 302 302 302 302 302
GET    /voice/answers/                                            302 200 200 200 200 200
GET    /voice/answers/{decision}/                                 302 200 200 200 200 200
GET    /voice/answers/{private_decision}/                         302 200 404 404 200 404

GET    /notices/                                                  302 200 200 200 200 200
POST   /notices/read/                                             302 302 302 302 302 302
POST   /notices/{rosas_notice}/                                   302 302 404 404 404 404
GET    /notices/{rosas_notice}/                                   302 405 405 405 405 405

GET    /settings/                                                 302 200 200 200 200 200
POST   /settings/                                                 302 422 422 422 422 422
GET    /settings/people/                                          302 403 403 403 403 200
GET    /settings/people/invite/                                   302 403 403 403 403 200
POST   /settings/people/invite/                                   302 403 403 403 403 422
GET    /settings/people/{rosa}/                                   302 403 403 403 403 200
GET    /settings/people/999999/                                   302 403 403 403 403 404
POST   /settings/people/{rosa}/roles/                             302 403 403 403 403 422
POST   /settings/people/{rosa}/move/                              302 403 403 403 403 422
POST   /settings/people/{rosa}/invite/                            302 403 403 403 403 302
POST   /settings/people/{rosa}/deactivate/                        302 403 403 403 403 302
GET    /accounts/email/                                           302 404 404 404 404 404
"""


@dataclass(frozen=True)
class Row:
    method: str
    address: str
    statuses: dict[str, int]


def rows() -> list[Row]:
    found = []
    for line in (API + PAGES).splitlines():
        if line.strip():
            method, address, *statuses = line.split()
            expected = dict(zip(ROLES, map(int, statuses), strict=True))
            found.append(Row(method, address, expected))
    return found
