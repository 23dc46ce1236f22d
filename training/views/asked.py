"""What waits for one trainer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from training import asked as rows
from training.views.asking import trainer


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    user = trainer(request)
    page = rows.asked(user, now=timezone.now())
    context = {
        "page": page,
        "asked": page.counts.total,
        "sees_gaps": True,
        "is_trainer": True,
    }
    return render(request, "training/asked.html", context)
