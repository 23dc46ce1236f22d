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

GET    /api/v1/objectives/{objective}/compare/                    401 200 200 200 200 200
GET    /api/v1/objectives/{objective}/compare/?to=draft           401 404 404 404 200 404
GET    /api/v1/objectives/{secret_objective}/compare/             401 404 404 404 404 404
GET    /api/v1/objectives/{objective}/remembered/                 401 403 200 200 200 403
GET    /api/v1/objectives/{secret_objective}/remembered/          401 404 404 404 404 404
GET    /api/v1/revisions/                                         401 200 200 200 200 200
GET    /api/v1/revisions/{revision}/                              401 200 200 200 200 200
GET    /api/v1/revisions/{draft}/                                 401 404 404 404 404 404
GET    /api/v1/revisions/{revision}/impact/                       401 403 200 200 200 403
GET    /api/v1/revisions/{secret_draft}/impact/                   401 404 404 404 404 404
GET    /api/v1/drafts/{asked_draft}/gate/                         401 404 404 404 200 404
GET    /api/v1/drafts/{secret_draft}/gate/                        401 404 404 404 404 404
GET    /api/v1/drafts/{asked_draft}/impact/                       401 404 404 404 200 404
GET    /api/v1/drafts/{secret_draft}/impact/                      401 404 404 404 404 404
GET    /api/v1/drafts/{asked_draft}/people/                       401 404 404 404 200 404
GET    /api/v1/drafts/{secret_draft}/people/                      401 404 404 404 404 404

GET    /api/v1/consultations/                                     401 200 200 200 200 200
POST   /api/v1/consultations/                                     401 403 403 403 400 403
GET    /api/v1/consultations/{round}/                             401 404 200 200 200 404
GET    /api/v1/consultations/{secret_round}/                      401 404 404 404 404 404
POST   /api/v1/consultations/{round}/position/                    401 404 400 400 403 404
POST   /api/v1/consultations/{secret_round}/position/             401 404 404 404 404 404
POST   /api/v1/consultations/{round}/ask/                         401 404 403 403 400 404
POST   /api/v1/consultations/{secret_round}/ask/                  401 404 404 404 404 404
POST   /api/v1/consultations/{round}/extend/                      401 404 403 403 400 404
POST   /api/v1/consultations/{secret_round}/extend/               401 404 404 404 404 404
POST   /api/v1/consultations/{round}/close/                       401 404 403 403 200 404
POST   /api/v1/consultations/{secret_round}/close/                401 404 404 404 404 404
GET    /api/v1/concerns/                                          401 200 200 200 200 200
POST   /api/v1/concerns/                                          401 400 400 400 400 400
GET    /api/v1/concerns/{concern}/                                401 404 200 200 200 404
GET    /api/v1/concerns/{secret_concern}/                         401 404 404 404 404 404
GET    /api/v1/concerns/{concern}/file/                           401 404 200 200 200 404
GET    /api/v1/concerns/{secret_concern}/file/                    401 404 404 404 404 404
POST   /api/v1/concerns/{concern}/answer/                         401 404 403 403 400 404
POST   /api/v1/concerns/{secret_concern}/answer/                  401 404 404 404 404 404
POST   /api/v1/concerns/{concern}/settle/                         401 404 400 403 403 404
POST   /api/v1/concerns/{secret_concern}/settle/                  401 404 404 404 404 404
POST   /api/v1/concerns/{concern}/outcome/                        401 404 400 403 400 404
POST   /api/v1/concerns/{secret_concern}/outcome/                 401 404 404 404 404 404
GET    /api/v1/comments/                                          401 200 200 200 200 200
POST   /api/v1/comments/                                          401 400 400 400 400 400
GET    /api/v1/comments/{comment}/                                401 404 200 200 200 404
GET    /api/v1/comments/{secret_comment}/                         401 404 404 404 404 404
POST   /api/v1/comments/{comment}/take-back/                      401 404 200 403 403 404
POST   /api/v1/comments/{secret_comment}/take-back/               401 404 404 404 404 404
GET    /api/v1/suggestions/                                       401 200 200 200 200 200
POST   /api/v1/suggestions/                                       401 400 400 400 400 400
GET    /api/v1/suggestions/{suggestion}/                          401 404 200 200 200 404
GET    /api/v1/suggestions/{secret_suggestion}/                   401 404 404 404 404 404
POST   /api/v1/suggestions/{suggestion}/take/                     401 404 403 403 200 404
POST   /api/v1/suggestions/{secret_suggestion}/take/              401 404 404 404 404 404
POST   /api/v1/suggestions/{suggestion}/decline/                  401 404 403 403 400 404
POST   /api/v1/suggestions/{secret_suggestion}/decline/           401 404 404 404 404 404

GET    /api/v1/briefs/                                            401 200 200 200 200 200
POST   /api/v1/briefs/                                            401 403 403 400 400 403
GET    /api/v1/briefs/{brief}/                                    401 200 200 200 200 200
GET    /api/v1/briefs/999999/                                     401 404 404 404 404 404
GET    /api/v1/acknowledgments/                                   401 200 200 200 200 200
POST   /api/v1/acknowledgments/                                   401 400 400 400 400 400
GET    /api/v1/recall/                                            401 200 200 200 200 200
POST   /api/v1/recall/                                            401 400 400 400 400 400
GET    /api/v1/recall/due/                                        401 200 200 200 200 200
GET    /api/v1/recall/{recall}/                                   401 200 404 404 404 404
GET    /api/v1/recall/{recall}/reasons/                           401 200 404 404 404 404
POST   /api/v1/recall/{recall}/choose/                            401 400 404 404 404 404
GET    /api/v1/teach-backs/                                       401 200 200 200 200 200
POST   /api/v1/teach-backs/                                       401 403 400 403 403 403
GET    /api/v1/teach-backs/{teach_back}/                          401 404 200 404 200 404
POST   /api/v1/teach-backs/{teach_back}/sign/                     401 404 403 404 200 404
POST   /api/v1/teach-backs/{teach_back}/return/                   401 404 403 404 400 404
GET    /api/v1/history/                                           401 200 200 200 200 200

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
GET    /concerns/                                                 302 403 200 200 200 403
GET    /team/                                                     302 403 403 200 403 403
GET    /my/strategy/                                              302 200 200 200 200 200
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
GET    /objectives/{objective}/compare/                           302 200 200 200 200 200
GET    /objectives/{objective}/compare/?from=r1&to=draft          302 404 404 404 200 404
GET    /objectives/{objective}/compare/?from=r1&to=d{secret_round} 302 404 404 404 404 404
GET    /objectives/{new_objective}/compare/                       302 404 404 404 200 404
GET    /objectives/{secret_objective}/compare/                    302 404 404 404 404 404
GET    /objectives/{objective}/history/                           302 200 200 200 200 200
GET    /objectives/{new_objective}/history/                       302 404 404 404 200 404
GET    /objectives/{secret_objective}/history/                    302 404 404 404 404 404
POST   /objectives/{objective}/draft/keep/                        302 403 403 403 422 403
POST   /objectives/{secret_objective}/draft/keep/                 302 404 404 404 404 404
POST   /objectives/{objective}/draft/throw-away/                  302 403 403 403 302 403
POST   /objectives/{secret_objective}/draft/throw-away/           302 404 404 404 404 404
GET    /objectives/{objective}/draft/                             302 403 403 403 200 403
POST   /objectives/{objective}/draft/                             302 403 403 403 422 403
GET    /objectives/{new_objective}/draft/                         302 404 404 404 200 404
GET    /objectives/{secret_objective}/draft/                      302 404 404 404 404 404
POST   /objectives/{secret_objective}/draft/                      302 404 404 404 404 404
GET    /objectives/{objective}/draft/publish/                     302 403 403 403 200 403
POST   /objectives/{objective}/draft/publish/                     302 403 403 403 422 403
POST   /objectives/{secret_objective}/draft/publish/              302 404 404 404 404 404
GET    /objectives/{objective}/draft/impact/                      302 403 403 403 200 403
GET    /objectives/{objective}/draft/impact/?from=2100-01-01      302 403 403 403 200 403
GET    /objectives/{secret_objective}/draft/impact/               302 404 404 404 404 404
GET    /objectives/{objective}/revisions/1/impact/                302 403 200 200 200 403
GET    /objectives/{objective}/revisions/2/impact/                302 403 404 404 404 403
GET    /objectives/{secret_objective}/revisions/1/impact/         302 404 404 404 404 404
POST   /objectives/{objective}/draft/discard/                     302 403 403 403 302 403
POST   /objectives/{secret_objective}/draft/discard/              302 404 404 404 404 404
GET    /objectives/{objective}/owner/                             302 403 403 403 200 403
POST   /objectives/{objective}/owner/                             302 403 403 403 422 403
POST   /objectives/{secret_objective}/owner/                      302 404 404 404 404 404
POST   /objectives/{objective}/retire/                            302 403 403 403 302 403
POST   /objectives/{secret_objective}/retire/                     302 404 404 404 404 404
GET    /objectives/{objective}/brief/                             302 200 200 200 200 200
GET    /objectives/{new_objective}/brief/                         302 404 404 404 404 404
GET    /objectives/{secret_objective}/brief/                      302 404 404 404 404 404
POST   /objectives/{objective}/brief/read/                        302 302 302 302 302 302
POST   /objectives/{secret_objective}/brief/read/                 302 404 404 404 404 404
GET    /objectives/{objective}/brief/reason/                      302 403 403 403 200 403
POST   /objectives/{objective}/brief/reason/                      302 403 403 403 422 403
POST   /objectives/{secret_objective}/brief/reason/               302 404 404 404 404 404
GET    /objectives/{objective}/brief/teams/{team}/                302 403 403 200 403 403
POST   /objectives/{objective}/brief/teams/{team}/                302 403 403 422 403 403
POST   /objectives/{objective}/brief/teams/{other_team}/          302 403 403 403 403 403
POST   /objectives/{objective}/brief/teams/999999/                302 404 404 404 404 404
POST   /objectives/{secret_objective}/brief/teams/{team}/         302 404 404 404 404 404
GET    /objectives/{objective}/huddle/                            302 200 200 200 200 200
GET    /objectives/{secret_objective}/huddle/                     302 404 404 404 404 404
GET    /objectives/{objective}/teach-back/                        302 403 200 403 403 403
POST   /objectives/{objective}/teach-back/                        302 403 422 403 403 403
POST   /objectives/{secret_objective}/teach-back/                 302 404 404 404 404 404
GET    /teach-backs/{teach_back}/                                 302 404 200 404 200 404
POST   /teach-backs/{teach_back}/sign/                            302 404 403 404 302 404
POST   /teach-backs/{teach_back}/return/                          302 404 403 404 422 404
GET    /teach-backs/{other_teach_back}/                           302 404 404 404 200 404
POST   /teach-backs/{other_teach_back}/sign/                      302 404 404 404 302 404
POST   /teach-backs/{other_teach_back}/return/                    302 404 404 404 422 404
GET    /recall/                                                   302 200 200 200 200 200
GET    /recall/{revision}/2/                                      302 200 404 404 404 404
POST   /recall/{revision}/2/                                      302 302 404 404 404 404
GET    /recall/{revision}/3/                                      302 404 404 404 404 404
GET    /objectives/{objective}/consult/                           302 403 403 403 200 403
POST   /objectives/{objective}/consult/                           302 403 403 403 422 403
GET    /objectives/{new_objective}/consult/                       302 404 404 404 200 404
GET    /objectives/{secret_objective}/consult/                    302 404 404 404 404 404
POST   /objectives/{secret_objective}/consult/                    302 404 404 404 404 404
GET    /consultations/{round}/                                    302 404 200 200 200 404
GET    /consultations/{secret_round}/                             302 404 404 404 404 404
GET    /consultations/{round}/people/                             302 404 200 200 200 404
POST   /consultations/{round}/people/                             302 404 403 403 422 404
GET    /consultations/{secret_round}/people/                      302 404 404 404 404 404
POST   /consultations/{secret_round}/people/                      302 404 404 404 404 404
GET    /consultations/{round}/position/                           302 405 405 405 405 405
POST   /consultations/{round}/position/                           302 404 422 422 403 404
POST   /consultations/{secret_round}/position/                    302 404 404 404 404 404
POST   /consultations/{round}/concerns/                           302 404 422 422 403 404
POST   /consultations/{secret_round}/concerns/                    302 404 404 404 404 404
POST   /consultations/{round}/comments/                           302 404 422 422 422 404
POST   /consultations/{secret_round}/comments/                    302 404 404 404 404 404
POST   /consultations/{round}/suggestions/                        302 404 422 422 403 404
POST   /consultations/{secret_round}/suggestions/                 302 404 404 404 404 404
POST   /consultations/{round}/extend/                             302 404 403 403 422 404
POST   /consultations/{secret_round}/extend/                      302 404 404 404 404 404
POST   /consultations/{round}/close/                              302 404 403 403 302 404
POST   /consultations/{secret_round}/close/                       302 404 404 404 404 404
GET    /concerns/{concern}/                                       302 404 302 302 302 404
GET    /concerns/{secret_concern}/                                302 404 404 404 404 404
GET    /concerns/{concern}/file/                                  302 404 200 200 200 404
GET    /concerns/{secret_concern}/file/                           302 404 404 404 404 404
POST   /concerns/{concern}/answer/                                302 404 403 403 422 404
POST   /concerns/{secret_concern}/answer/                         302 404 404 404 404 404
POST   /concerns/{concern}/settle/                                302 404 422 403 403 404
POST   /concerns/{secret_concern}/settle/                         302 404 404 404 404 404
POST   /concerns/{concern}/outcome/                               302 404 422 403 422 404
POST   /concerns/{secret_concern}/outcome/                        302 404 404 404 404 404
POST   /comments/{comment}/take-back/                             302 404 302 403 403 404
POST   /comments/{secret_comment}/take-back/                      302 404 404 404 404 404
POST   /suggestions/{suggestion}/take/                            302 404 403 403 302 404
POST   /suggestions/{secret_suggestion}/take/                     302 404 404 404 404 404
POST   /suggestions/{suggestion}/decline/                         302 404 403 403 422 404
POST   /suggestions/{secret_suggestion}/decline/                  302 404 404 404 404 404
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
