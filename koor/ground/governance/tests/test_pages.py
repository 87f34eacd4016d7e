"""Pages of governance, as a stranger, a newcomer, the curator and the administrator."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from koor.ground.governance.models import Responsibility, RolePermission
from koor.ground.people.models import Person
from koor.kernel import audit


@pytest.mark.parametrize(("name", "newcomer_sees"), [("access", 404), ("audit", 404), ("responsibility", 200)])
def test_pages(
    name: str, newcomer_sees: int, visit: Callable[..., Any], newcomer: Person, marloes: Person, ada: Person
) -> None:
    address = reverse(f"governance:{name}")
    assert visit(None).get(address).status_code == 302
    assert visit(newcomer).get(address).status_code == newcomer_sees
    assert visit(marloes).get(address).status_code == visit(ada).get(address).status_code == 200


def test_the_file_is_not_for_a_newcomer(visit: Callable[..., Any], newcomer: Person) -> None:
    assert visit(None).post(reverse("governance:audit_file")).status_code == 302
    assert visit(newcomer).post(reverse("governance:audit_file")).status_code in {403, 404}


def test_toggling_permissions(visit: Callable[..., Any], ada: Person, marloes: Person) -> None:
    address = reverse("governance:access")
    assert visit(marloes).post(address, {"allow": ["helper|hub.curate"]}).status_code == 403
    visit(ada).post(address, {"allow": ["helper|hub.curate", "nonsense", "king|x"]})
    chosen = {(row.role, row.permission, row.allowed) for row in RolePermission.objects.all()}
    assert ("helper", "hub.curate", True) in chosen
    assert ("curator", "hub.curate", False) in chosen
    page = visit(ada).get(address).content.decode()
    assert 'value="helper|hub.curate" aria-label' in page


def test_agreeing(visit: Callable[..., Any], marloes: Person, newcomer: Person, anneke: Person) -> None:
    address = reverse("governance:agree", args=["service"])
    assert visit(newcomer).get(address).status_code == 200
    assert visit(newcomer).post(address, {"person": anneke.pk}).status_code == 403
    answer = visit(marloes).post(address, {"person": anneke.pk, "discipline": anneke.discipline_id})
    assert "not both" in answer.content.decode()
    visit(marloes).post(address, {"person": anneke.pk, "agreed": "Binnen het uur"})
    assert Responsibility.objects.get().person == anneke
    assert visit(marloes).get(reverse("governance:agree", args=["coffee"])).status_code == 404
    assert "Binnen het uur" in visit(newcomer).get(reverse("governance:responsibility")).content.decode()


def test_the_trail_costs_the_same_at_any_length(visit: Callable[..., Any], marloes: Person) -> None:
    client = visit(marloes)
    address = reverse("governance:audit")

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return sum("kernel_auditentry" in query["sql"] for query in caught)

    def add(times: int) -> None:
        with transaction.atomic():
            for _number in range(times):
                audit.record(by=marloes, verb="people.let_back", target=marloes)

    add(1)
    first = cost()
    add(29)
    assert (first, cost()) == (1, 1)
