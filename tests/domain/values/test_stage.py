import pytest

from crmcli.domain.values.stage import DEFAULT_SYNONYMS, match_stage, written_stages

NAMES = written_stages(DEFAULT_SYNONYMS, {})


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Prospecting", "初步接触"),
        ("新线索", "初步接触"),
        ("待跟进", "初步接触"),
        ("engaging", "需求确认"),
        ("跟进中", "需求确认"),
        ("方案／报价", "方案报价"),
        ("报价中", "方案报价"),
        ("谈判中", "商务谈判"),
        (" Closed Won ", "赢单"),
        ("已赢单", "赢单"),
        ("签了", "赢单"),
        ("ClosedLost", "输单"),
        ("黄了", "输单"),
        ("無效客資", "无效"),
        ("赢单", "赢单"),
    ],
)
def test_written_stages_are_known(text: str, stage: str) -> None:
    assert match_stage(text, NAMES) == stage


@pytest.mark.parametrize("text", ["初步意向", "方案沟通", "审批中", "已转化", "已关闭", "暂停", "赢单了吗", ""])
def test_doubtful_texts_are_not_guessed(text: str) -> None:
    assert match_stage(text, NAMES) is None


def test_the_users_synonyms_win_and_defaults_need_their_stage() -> None:
    names = written_stages(["线索", "赢单"], {"线索": ["已签约", "赢单"]})
    assert [match_stage(text, names) for text in ("已签约", "已成交", "赢单", "丢单")] == ["线索", "赢单", "赢单", None]
