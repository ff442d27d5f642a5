"""The settings of the worlds that are played: two sales processes, salespeople in teams, targets."""

from __future__ import annotations

from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判")
STANDARD, RENEWAL = "standard", "renewal"
PIPELINES = {STANDARD: STAGES, RENEWAL: ("续约沟通", "方案报价", "续签")}
CHANCE = {
    (STANDARD, "初步接触"): 10, (STANDARD, "需求确认"): 30, (STANDARD, "方案报价"): 50, (STANDARD, "商务谈判"): 80,
    (RENEWAL, "方案报价"): 40, (RENEWAL, "续签"): 90,
}  # fmt: skip
CATEGORY = {
    (STANDARD, "方案报价"): "best_case", (STANDARD, "商务谈判"): "commit", (RENEWAL, "方案报价"): "commit",
    (RENEWAL, "续签"): "omitted",
}  # fmt: skip
ROT = {(STANDARD, "初步接触"): 7, (STANDARD, "需求确认"): 14, (STANDARD, "方案报价"): 14, (RENEWAL, "续约沟通"): 10,
       (RENEWAL, "续签"): 5}  # fmt: skip
MOST = {(STANDARD, "商务谈判"): 20, (RENEWAL, "方案报价"): 15, (RENEWAL, "续签"): 10}
MAX_PLAN_DAYS = 20
ENDS = {"赢单": "won", "输单": "lost", "无效": "void"}
ELSEWHERE = "暂搁置"
UNMAPPED = "老板换人了"
OWNERS = ("张伟", "王芳", "李强", "赵敏")
TEAMS = {"张伟": "华东", "王芳": "华东", "李强": "华南", "赵敏": "华南"}
MIN_N = 3
TARGETS = (  # owner, team, period, yuan, deals
    ("张伟", "", "2026-04", 30000, None), ("王芳", "", "2026-04", 20000, 2), ("李强", "", "2026-04", 15000, None),
    ("", "华南", "2026-04", 40000, 3), ("", "", "2026Q2", 200000, 12), ("赵敏", "", "2026Q2", None, 4),
    ("张伟", "", "2026-06", 10000, None), ("", "华东", "2026-07", 50000, 1), ("", "", "2026", 900000, None),
)  # fmt: skip


def _targets() -> str:
    tables = ""
    for owner, team, period, amount, count in TARGETS:
        tables += f'[[target]]\nowner = "{owner}"\nteam = "{team}"\nperiod = "{period}"\n'
        tables += f"amount = {amount}\n" if amount else ""
        tables += f"count = {count}\n" if count else ""
    return tables


CONFIG = (
    """
[workspace]
timezone = "Asia/Shanghai"
currency = "CNY"
min_n = 3
[[pipeline]]
key = "standard"
name = "标准"
stages = [
  { name = "初步接触", probability = 10, rot_days = 7, category = "pipeline" },
  { name = "需求确认", probability = 30, rot_days = 14, category = "pipeline" },
  { name = "方案报价", probability = 50, rot_days = 14, category = "best_case" },
  { name = "商务谈判", probability = 80, max_days = 20, category = "commit" },
]
[[pipeline]]
key = "renewal"
name = "续约"
stages = [
  { name = "续约沟通", rot_days = 10 },
  { name = "方案报价", probability = 40, max_days = 15, category = "commit" },
  { name = "续签", probability = 90, rot_days = 5, max_days = 10, category = "omitted" },
]
[remind]
max_plan_days = 20
[loss]
required = false
reasons = ["价格", "竞品", "预算", "时机"]
"""
    + "".join(f'[[owner]]\nname = "{name}"\nteam = "{team}"\n' for name, team in TEAMS.items())
    + _targets()
)
