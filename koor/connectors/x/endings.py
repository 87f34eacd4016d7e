"""Endings of names that X makes a link of without https:// before them: those of countries, and the general ones that
people meet. X knows some thousand more; an address with one of those is a link here when it begins with https://."""

_OF_COUNTRIES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca "
    "cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr "
    "ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm "
    "jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq "
    "mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa "
    "re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr st su sv sx sy sz tc td tf tg th tj tk tl tm tn to "
    "tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
_GENERAL = (
    "academy actor agency amsterdam app art asia associates auto bank bar beer berlin best bike biz blog boutique "
    "brussels builders business cafe camera camp capital care careers cars cat center chat church city cleaning "
    "clinic clothing cloud club coach codes coffee com community company computer construction consulting "
    "contractors cool coop dance dating deals delivery dental design dev digital directory dog earth edu education "
    "email energy engineering enterprises equipment estate events exchange expert farm fashion film finance fish "
    "fit flowers foundation frl fun fund furniture garden gay gent gift global gmbh gold golf gov graphics green "
    "group guide guru health help holiday homes host hotel house immo info ink institute int international "
    "investments jetzt jobs kitchen koeln land law legal lgbt life link live lol london ltd management market "
    "marketing media mil mobi moda money movie museum name net network news ngo one online org partners parts party "
    "pet photo photography photos pics pictures pink pizza plumbing plus press pro productions properties pub "
    "recipes rent repair report restaurant reviews rocks run sale school science sexy shoes shop show site social "
    "software solar solutions space sport store studio style support systems team tech technology tel tickets tips "
    "today tools top tours town toys trade training travel tube university vacations ventures video vision "
    "vlaanderen vote wedding wien wiki work works world wtf xxx xyz yoga zone"
)
KNOWN = frozenset(_OF_COUNTRIES.split()) | frozenset(_GENERAL.split())
