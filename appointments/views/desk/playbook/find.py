"""Where pages of the playbook find their rows. It is one for all places."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from appointments.domain.recovery.playbook.authority import may_write
from appointments.models import AnotherWay, Solution, SolutionVersion
from appointments.views.desk.find import colleague


def writer(request: HttpRequest) -> User:
    """The reader, who may write the playbook. Raises Http404 for anybody else."""
    user = colleague(request)
    if not may_write(user):
        raise Http404
    return user


def solution_for(request: HttpRequest, pk: int) -> Solution:
    """The playbook is one for all places; whoever works at the desk reads it."""
    colleague(request)
    return get_object_or_404(Solution.objects.prefetch_related("reasons", "services"), pk=pk)


def another_way_for(request: HttpRequest, pk: str) -> AnotherWay:
    """What a colleague did instead of what the playbook says, for whoever writes it."""
    writer(request)
    if not pk.isdecimal() or len(pk) > 18:
        raise Http404
    return get_object_or_404(AnotherWay.objects.select_related("round__reason", "point__case__cause"), pk=int(pk))


def version_for(request: HttpRequest, pk: int, number: str) -> SolutionVersion:
    """What a solution said in that version; now, without a number."""
    rows = SolutionVersion.objects.filter(solution=solution_for(request, pk)).select_related("solution", "written_by")
    wanted = {"number": int(number)} if number.isdecimal() and len(number) < 5 else {}
    return get_object_or_404(rows.filter(**wanted) if wanted else rows.newest())
