from tests.lock_order import check, lock_of

PERSON = "SELECT advocates.id \nFROM advocates \nWHERE advocates.id = %(id)s FOR NO KEY UPDATE"
REQUEST = (
    "SELECT r.id \nFROM memberships AS m JOIN reference_requests ON true FOR UPDATE OF reference_requests"
)
EMAILS = "SELECT emails.id \nFROM emails ORDER BY emails.id \n LIMIT 5 FOR UPDATE SKIP LOCKED"


def test_a_statement_names_what_it_locks_and_whether_it_waits() -> None:
    assert [lock_of(one) for one in (PERSON, REQUEST, EMAILS)] == [
        ("advocates", True),
        ("reference_requests", True),
        ("emails", False),
    ]
    assert lock_of("SELECT 1 FROM advocates") is None


def test_waiting_backwards_is_wrong_and_forwards_is_not() -> None:
    held: list[str] = []
    assert [check(held, one) for one in (REQUEST, PERSON, EMAILS, PERSON)] == ["", "", "", ""]
    assert check(["emails"], PERSON) == "advocates was locked after emails"
    assert check(["meetings"], EMAILS) == ""
