"""Addresses. Printed ones have no language prefix; all others begin with /az/, /en/ or /ru/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from accounts.views.cms_sign_in import cms_sign_in
from clearance.views.home import home
from courses.cms import cms_bulk
from courses.cms_account import AccountView

from . import views

# Of Wagtail what nobody works with here: pictures are the course's own, texts hold no links, an edition goes by two.
NOT_AT_CMS = (
    "collections", "documents", "embeds", "forms", "groups", "images", "pages/workflow", "reports", "sites", "snippets",
    "users", "workflows", "api/main/documents", "api/main/images", "failwhale", "test404",
    "choose-anchor-link", "choose-email-link", "choose-external-link", "choose-phone-link",
)  # fmt: skip

urlpatterns = [
    path("", views.root, name="root"),
    path("", include("certificates.urls_public")),
    path("", include("clearance.urls_public")),
    path("", include("operations.urls_public")),
    path("sign-on/", include("accounts.urls_sign_on")),
    path("cms/login/", cms_sign_in, name="cms_sign_in"),
    path(
        "cms/logout/", views.cms_logout, name="cms_logout"
    ),  # Wagtail's own takes the cookie and leaves the session
    path(
        "cms/bulk/<str:app_label>/<str:model_name>/<str:action>/", require_admin_access(never_cache(cms_bulk))
    ),
    path("cms/account/", require_admin_access(AccountView.as_view()), name="cms_account"),
    re_path(rf"^cms/(?:{'|'.join(NOT_AT_CMS)})/", views.not_offered),
    # Acts on pages for programs: they ask no hook, so what the editor refuses they would do.
    re_path(r"^cms/api/main/pages/\d+/action/", views.not_offered),
    path("cms/", include(wagtailadmin_urls)),
    *i18n_patterns(
        path("", home, name="home"),
        path("", include("clearance.urls")),
        path("", include("elearning.urls_pages")),
        path("account/email/", views.not_offered, name="account_email"),  # agencies enter addresses
        path("account/", include("accounts.urls_account")),
        path("account/", include("allauth.account.urls")),
        path("jobs/", include("operations.urls")),
        path("demo/", include("elearning.urls_demo")),
        path("account/second-step/", include("allauth.mfa.urls")),
        path("account/sessions/", include("allauth.usersessions.urls")),
        path("people/", include("accounts.urls")),
        path("people/", include("audit.urls")),
        path("people/", include("privacy.urls")),
        path("people/", include("rosters.urls")),
        path("people/", include("merging.urls")),
        path("people/", include("people.urls")),
        path("attempts/", include("assessments.urls")),
        path("assessor/", include("assessments.urls_assessor")),
        path("certificates/", include("certificates.urls")),
        path("glossary/", include("standards.urls")),
        path("courses/", include("courses.urls")),
        path("courses/", include(wagtail_urls)),
    ),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error
handler429 = "elearning.views.too_many_requests"  # read by allauth
