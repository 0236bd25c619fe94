"""Invented names."""

from __future__ import annotations

_FIRST = "梧桐 文昌 翠屏 柳荫 桑园 槐荫 丁香 书院 竹溪 青石 荷塘 酱园 石榴 水杉 纱厂 仓前 雨花 会仙 米市 玉兰 银杏 云栖".split()
_LAST = "新村 小区 花园 苑 里 家园 新苑 一村 二村 公寓 雅苑 东里 西里".split()
COMPOUND_NAMES = tuple(first + last for last in _LAST for first in _FIRST)
"""More compound names than there are compounds, the common kinds of endings first."""

LANE_NAMES = tuple(
    "同兴巷 永安巷 三元巷 青云巷 井边巷 竹竿巷 安乐巷 石桥巷 书香巷 豆腐巷 福星巷 太平巷 花园巷 铁树巷 "
    "百子巷 清泉巷 松柏巷 荷叶巷 明月巷 四维巷 平安巷 长春巷 皂角巷 板厂巷 祠堂巷 双井巷 水塔巷 锅炉巷 "
    "学堂巷 染坊巷 菜园巷 广济巷 和平巷 团结巷 建国巷 劳动巷 友谊巷 向阳巷 前进巷 工农巷".split()
)
