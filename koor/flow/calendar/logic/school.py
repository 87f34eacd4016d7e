"""School holidays of the Netherlands: facts, as the ministry set them. No Django.

Source: Rijksoverheid, "Overzicht schoolvakanties per schooljaar" (rijksoverheid.nl/onderwerpen/schoolvakanties), as
known in November 2026. The autumn and spring weeks are advice: a school may choose otherwise, and the list of one's own
school can be brought in beside these. Each is (name, first day, last day); weekends count."""

from datetime import date

NORTH, MIDDLE, SOUTH = "north", "middle", "south"
REGIONS = (NORTH, MIDDLE, SOUTH)
AUTUMN, CHRISTMAS, SPRING, MAY, SUMMER = "autumn", "christmas", "spring", "may", "summer"

Days = tuple[date, date]


def _days(year: int, first: tuple[int, int], last: tuple[int, int]) -> Days:
    """Two days; when the last lies before the first it is in the next year."""
    return date(year, *first), date(year + (last < first), *last)


# Of each school year: holiday → days in the north, in the middle, in the south
TABLE: dict[str, dict[str, tuple[Days, Days, Days]]] = {
    "2025-2026": {
        AUTUMN: (_days(2025, (10, 18), (10, 26)), _days(2025, (10, 18), (10, 26)), _days(2025, (10, 11), (10, 19))),
        CHRISTMAS: (_days(2025, (12, 20), (1, 4)),) * 3,
        SPRING: (_days(2026, (2, 21), (3, 1)), _days(2026, (2, 14), (2, 22)), _days(2026, (2, 14), (2, 22))),
        MAY: (_days(2026, (4, 25), (5, 3)),) * 3,
        SUMMER: (_days(2026, (7, 4), (8, 16)), _days(2026, (7, 18), (8, 30)), _days(2026, (7, 11), (8, 23))),
    },
    "2026-2027": {
        AUTUMN: (_days(2026, (10, 10), (10, 18)), _days(2026, (10, 17), (10, 25)), _days(2026, (10, 17), (10, 25))),
        CHRISTMAS: (_days(2026, (12, 19), (1, 3)),) * 3,
        SPRING: (_days(2027, (2, 20), (2, 28)), _days(2027, (2, 20), (2, 28)), _days(2027, (2, 13), (2, 21))),
        MAY: (_days(2027, (4, 24), (5, 2)),) * 3,
        SUMMER: (_days(2027, (7, 10), (8, 22)), _days(2027, (7, 17), (8, 29)), _days(2027, (7, 24), (9, 5))),
    },
    "2027-2028": {
        AUTUMN: (_days(2027, (10, 16), (10, 24)), _days(2027, (10, 16), (10, 24)), _days(2027, (10, 23), (10, 31))),
        CHRISTMAS: (_days(2027, (12, 25), (1, 9)),) * 3,
        SPRING: (_days(2028, (2, 19), (2, 27)), _days(2028, (2, 26), (3, 5)), _days(2028, (2, 26), (3, 5))),
        MAY: (_days(2028, (4, 29), (5, 7)),) * 3,
        SUMMER: (_days(2028, (7, 15), (8, 27)), _days(2028, (7, 8), (8, 20)), _days(2028, (7, 22), (9, 3))),
    },
}
KNOWN_UNTIL = max(last for year in TABLE.values() for regions in year.values() for _first, last in regions)


def holidays(first: date, last: date, regions: tuple[str, ...] = REGIONS) -> list[tuple[str, str, date, date]]:
    """School holidays that touch these days: (which, region or "" for all of the country, first day, last day)."""
    found = []
    for year in TABLE.values():
        for name, per_region in year.items():
            if len(set(per_region)) == 1:
                found.append((name, "", *per_region[0]))
                continue
            places = zip(REGIONS, per_region, strict=True)
            found += [(name, region, *days) for region, days in places if region in regions]
    touching = [row for row in found if row[2] <= last and row[3] >= first]
    return sorted(touching, key=lambda row: (row[2], row[1]))
