import msgspec

from sampan.contract.estimate import Prompt
from sampan.contract.receipt import Outcome
from tests.record.builders import LOCAL, decided, request


def test_the_route_says_which_model_answered_and_is_left_out_without_one(desk):
    asked = request()
    record = desk.recorder.open(asked)
    record.decided(msgspec.structs.replace(decided(asked), prompt=Prompt((("code", 1.0),))))
    receipt = record.close(Outcome(end="complete", answered=LOCAL))
    assert receipt.route["model"] == "local"
    assert receipt.route["prompt"]["domains"] == [["code", 1]]
    assert desk.query.one(receipt.id)["route"] == receipt.route
    assert "route" not in desk.query.one(desk.run().id)
    assert desk.query.verified()["ok"]
