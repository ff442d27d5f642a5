import random
from importlib.util import find_spec

import pytest

from crmcli.jobs.dedupe.spark import compare_on_spark
from crmcli.jobs.dedupe.spark_session import OLDEST_JAVA, java_version
from crmcli.matching.blocks import BLOCK_CAP
from crmcli.matching.find import compare_here, find_duplicates
from crmcli.matching.model import DEFAULT
from crmcli.matching.records import MatchBatch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("pyspark") is None or find_spec("pyarrow") is None, reason="needs crmcli[spark]"),
    pytest.mark.skipif((java_version() or 0) < OLDEST_JAVA, reason=f"needs Java {OLDEST_JAVA} or later"),
    # its sockets to the Java process stay open while Python runs
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SIZE = 4_000
CROWD = "鼎信"


@pytest.fixture(scope="module")
def customers() -> MatchBatch:
    """Several thousand made-up customers: one brand and one switchboard in many of them."""
    draw = random.Random(4)
    brands = [a + b for a in "恒泰华盛宏嘉瑞博金" for b in "达源创联通丰祥远信"]
    made = [_customer(draw, CROWD if number % 10 == 0 else draw.choice(brands)) for number in range(SIZE)]
    columns = ("names", "phones", "addresses", "contacts")
    return MatchBatch(
        ids=[str(number) for number in range(SIZE)],
        **{column: [customer[at] for customer in made] for at, column in enumerate(columns)},
    )


def _customer(draw: random.Random, brand: str) -> tuple[str, str, str, str]:
    city = draw.choice(("北京", "上海", "苏州", "杭州"))
    trade, form = draw.choice(("智能科技", "贸易", "环保工程")), draw.choice(("有限公司", ""))
    name = f"{draw.choice((city, ''))}{brand}{trade}{form}"
    own = f"+86138{draw.randrange(3_000):08d}"
    phone = draw.choice((own, f"{own};+862161000000", own.removeprefix("+86"), ""))
    return name, phone, f"{city}市人民路{draw.randrange(300)}号", draw.choice(("张伟", "王芳", "李建国", ""))


def test_spark_finds_the_pairs_and_scores_of_one_machine(customers: MatchBatch) -> None:
    records = customers.by_id()
    here, there = compare_here(records, DEFAULT), compare_on_spark(records, DEFAULT)
    rows = [
        sorted(
            zip(*(getattr(found.scored, name).tolist() for name in ("a", "b", "score", "tier", "vetoed")), strict=True)
        )
        for found in (here, there)
    ]
    assert there.candidates == here.candidates
    assert rows[1] == rows[0]
    assert len(rows[0]) > SIZE / 10
    assert sum(CROWD in name for name in records.names) > BLOCK_CAP


def test_spark_gives_the_clusters_of_one_machine(customers: MatchBatch) -> None:
    assert find_duplicates(customers, engine=compare_on_spark) == find_duplicates(customers)


def test_no_record_is_no_pair() -> None:
    assert compare_on_spark(MatchBatch(ids=[], names=[]), DEFAULT).candidates == 0
