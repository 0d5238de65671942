from sampan.contract.labels import Sensitivity
from sampan.contract.models import Realm, Site
from sampan.contract.reach import Collection, Origin, Peer, Tool


def test_what_nobody_stated_has_its_most_restrictive_reading():
    assert (Tool("t").realm, Tool("t").site, Tool("t").changes) == (Realm.PUBLIC, Site.CLOUD, "unknown")
    assert Collection("c").realm is Realm.PUBLIC
    assert Collection("c").classification is max(Sensitivity)
    assert Peer("p").paired == "unknown"
    assert Origin("unknown") is Origin.UNKNOWN
