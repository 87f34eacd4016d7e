"""What is typed and what is stored become the same words: `search.apart` and the SQL function `koor_apart`."""

import unicodedata

import pytest
from django.db import connection

from koor.kernel import search

TEXTS = (
    "“kapot”… en «stuk»–nu, d’r storing👍🏽 van 👨‍👩‍👧",
    "東京都。日本 カタカナ ガ 한국 각 ﾊﾟ",
    "Straße ΣΑΣ İstanbul ﬁn ﬂink Éénmaal wa\u00adrm m² ① ➀ ½",
    "हिन्दी ไทย שָׁלוֹם مَرْحَبا ё й क्\u200dष",
    "\u202eom\u202c nbsp\u00a0hier 5€ #tag＃nog ❤️ 1️⃣ 🇳🇱",
)


@pytest.mark.django_db
def test_both_find_the_same_words() -> None:
    assigned = (chr(code) for code in range(0xA0, 0x1FB00) if not 0xD800 <= code < 0xE000)
    known = [char for char in assigned if unicodedata.category(char) not in ("Cn", "Co")]
    lone = [f"a{char}b" for char in (*known[:1500], *known[1500::40]) if unicodedata.is_normalized("NFC", char)]
    texts = [unicodedata.normalize("NFC", text) for text in (*TEXTS, *lone)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT koor_apart(t) FROM unnest(%s::text[]) WITH ORDINALITY AS one (t, at) ORDER BY at", [texts]
        )
        stored = [row[0] for row in cursor.fetchall()]
    ascii_apart = str.maketrans({char: " " for char in map(chr, range(128)) if not char.isalnum() and char != "_"})
    different = [
        (text, found, search.apart(text))
        for text, found in zip(texts, stored, strict=True)
        if found.translate(ascii_apart).split() != search.apart(text).split()
    ]
    assert different == []
