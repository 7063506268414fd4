"""Which verbs say a commitment, a reaction or a danger, and of what sort; language by language."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from summariser.schema import Stance, Status

CueKind = Literal["commitment", "reaction", "danger", "speech"]


@dataclass(frozen=True, slots=True)
class Cue:
    """What a verb says: its kind, the status or stance that goes with it, and the words that must follow it."""

    kind: CueKind
    sort: str
    follows: tuple[str, ...] = ()


_IRREGULAR = {
    "swear": "swore sworn", "undertake": "undertook undertaken", "shake": "shook shaken", "strike": "struck",
    "withdraw": "withdrew withdrawn", "forbid": "forbade forbidden", "say": "said", "tell": "told",
    "write": "wrote written", "think": "thought", "find": "found", "feel": "felt", "speak": "spoke spoken",
    "put": "put", "give": "gave given", "stand": "stood", "commit": "committed", "plan": "planned",
    "ban": "banned", "bar": "barred", "slam": "slammed", "throw": "threw thrown", "hold": "held", "back": "backed",
    "see": "saw seen", "rule": "ruled ruling", "lay": "laid",
}  # fmt: skip


def forms(verb: str) -> frozenset[str]:
    """An English verb, its third person, its past and its participles."""
    base = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2:-1] not in "aeou":
        return frozenset({verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"})
    third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s"
    return frozenset({verb, third, f"{base}ed", f"{base}ing", *_IRREGULAR.get(verb, "").split()})


# A phrase is a verb, in any of its forms, and the words that must follow it.
_COMMITMENTS: dict[Status, str] = {
    "agreed": "agree; sign; accept; conclude; ratify; consent; shake hands; reach agreement; reach an agreement; "
    "reach a deal; reach a settlement; reach an accord; reach a compromise; reach an understanding; strike a deal; "
    "strike an agreement; strike a bargain; oblige; settle; seal; initial; clinch; hammer out; come to terms; "
    "enter into; sign up; sign on; bind",
    "pledged": "pledge; promise; vow; undertake; commit; guarantee; assure; swear; give its word; give his word; "
    "give her word; earmark; set aside; contribute; donate",
    "decided": "decide; order; impose; approve; adopt; vote to; vote for; announce; ban; bar; suspend; require; "
    "instruct; freeze; sanction; fine; rule that; resolve to; invoke; prohibit; block; withdraw; extend; grant; lay "
    "down; endorse no; cancel; scrap; abolish; postpone; halt; lift; introduce; allocate; appoint; revoke; repeal; "
    "rescind; decree; terminate; expel; recall; authorise; authorize; mandate; stipulate; forbid; compel; direct; "
    "call off; shelve; reinstate; blacklist; outlaw; overturn; uphold; opt to; opt for; settle on; pull out",
    "planned": "plan; intend; aim to; prepare to; schedule; seek to; look to; set out to; gear up",
    "proposed": "propose; offer; suggest; put on; put forward; submit; float; tender; volunteer to",
    "threatened": "threaten to; threaten that; threaten with; threaten legal; threaten strike; warn it would; "
    "warn they would; warn it will; warn they will; warn he would; warn she would",
    "refused": "refuse; decline; rule out; rule it out; rule that out; rule this out; turn down; reject; "
    "rebuff; spurn; withhold; balk at; walk away",
}
_STANCES: dict[Stance, str] = {
    "supports": "welcome; praise; hail; applaud; back; support; endorse; thank; appreciate; favour; favor; cheer; "
    "defend; congratulate; salute; celebrate; commend; embrace; justify; laud; champion; approve of; side with; "
    "rally behind; vote for; admire; compliment; express support; express satisfaction; express relief; voice support",
    "opposes": "oppose; reject; condemn; denounce; rebuke; criticise; criticize; accuse; blame; slam; dismiss; "
    "deplore; dispute; challenge; deny; fault; complain; object; decry; lambast; blast; resent; contradict; protest; "
    "refute; veto; question; brand; disagree; lash out; hit out; hit back; take issue; rail; scoff; mock; ridicule; "
    "reprimand; chide; scold; berate; bemoan; lament; deride; disapprove; resist; vote against; contest; repudiate; "
    "disavow; boycott; walk out; resign; storm out; rubbish; rebuff; pour scorn; speak out; voice anger; "
    "express outrage; express disappointment; express anger; appeal against; play down; shrug off",
    "concerned": "warn; fear; worry; caution; alarm; doubt; regret; fret; voice concern; voice doubts; voice alarm; "
    "express concern; express concerns; express doubts; express alarm; express unease; raise concerns; raise doubts; "
    "sound the alarm; unsettle",
    "neutral": "urge; call on; call upon; call for; demand; want; appeal; recommend; ask; press; implore; "
    "advise; request",
}
_DANGERS = (
    "threaten; risk; fear; warn; worry; caution; endanger; jeopardise; jeopardize; undermine; loom; imperil; expose"
)
_SPEECH = (
    "say; tell; add; argue; claim; insist; note; explain; reply; write; declare; state; describe; call; announce; "
    "repeat; stress; maintain; recall; respond; comment; acknowledge; admit; concede; confirm; warn; caution; urge; "
    "deny; demand; complain; denounce; praise; hail; fear; believe; expect; think; estimate; predict; speak of; "
    "suggest; point out; remark; observe; report; testify; counter; assert; contend; allege; quip; joke; recount; "
    "conclude that; emphasise; emphasize; underline; promise; pledge; vow; assure; reiterate; tweet; post; lament"
)
_FOREIGN: dict[str, tuple[tuple[CueKind, str, str], ...]] = {
    "fr": (
        ("commitment", "agreed",
            "signé signe signent signent-elles accepté accepte acceptent conclu conclut conviennent convenu ratifié"),
        ("commitment", "pledged",
            "s'engage s'engagent s'engagé promet promettent promis garantit garantissent "
            "engage engagent apportera apporteront"),
        ("commitment", "decided",
            "décidé décide décident ordonne ordonné impose imposé interdit adopte adopté vote "
            "voté approuvé"),
        ("commitment", "planned", "prévoit prévoient compte entend entendent seront sera"),
        ("commitment", "proposed", "propose proposé proposent offre offert suggère"),
        ("commitment", "threatened", "menace menacent menacé brandit"),
        ("commitment", "refused", "refuse refusé refusent rejette rejeté exclut exclu"),
        ("reaction", "supports", "salue saluent salué félicite félicité soutient soutiennent approuve défend"),
        ("reaction", "opposes",
            "dénonce dénoncent dénoncé condamne condamné critique critiqué rejette rejeté "
            "démenti dément déplore déploré conteste accuse accusé refuse"),
        ("reaction", "concerned", "redoute redoutent craint craignent s'inquiète s'inquiètent regrette avertit averti"),
        ("reaction", "neutral", "demande demandent réclame réclament appelle exhorte"),
        ("danger", "", "redoute redoutent craint craignent pourrait pourraient risque risquent menace menacent"),
        ("speech", "",
            "dit déclare déclaré affirme affirmé estime ajoute explique assure répond annonce "
            "lâche indique selon rappelle avertit prévient"),
    ),
    "es": (
        ("commitment", "agreed", "acordó acordaron acuerda firmó firmaron firma aceptó aceptaron pactó pactaron"),
        ("commitment", "pledged",
            "prometió promete prometieron comprometió comprometieron compromete garantizó "
            "garantiza"),
        ("commitment", "decided",
            "decidió decide decidieron ordenó ordena impuso impone prohibió prohíbe aprobó "
            "aprueba anunció anuncia decretó"),
        ("commitment", "planned", "prevé planea pretende"),
        ("commitment", "proposed", "propuso propone ofreció ofrece sugirió"),
        ("commitment", "threatened", "amenazó amenaza amenazaron"),
        ("commitment", "refused", "rechazó rechaza negó+a niega+a descartó descarta"),
        ("reaction", "supports", "celebró celebra saludó aplaudió apoyó apoya elogió respaldó respalda agradeció"),
        ("reaction", "opposes",
            "condenó condena criticó critica denunció denuncia rechazó rechaza acusó acusa "
            "lamentó desmintió tachó calificó negó niega"),
        ("reaction", "concerned", "teme temen temió advirtió advierte alertó alerta preocupa"),
        ("reaction", "neutral", "pidió pide exigió exige instó reclamó reclama"),
        ("danger", "", "podría podrían teme temen riesgo amenaza amenazan peligro advirtió advierte alertó"),
        ("speech", "",
            "dijo dice declaró afirmó aseguró explicó añadió señaló indicó sostuvo respondió "
            "advirtió según reconoció"),
    ),
    "de": (
        ("commitment", "agreed",
            "vereinbarte vereinbarten vereinbart unterzeichnete unterzeichneten unterzeichnet "
            "akzeptierte einigten einigte"),
        ("commitment", "pledged", "verspricht versprach versprachen zugesagt verpflichtete verpflichteten garantiert"),
        ("commitment", "decided", "beschloss beschlossen entschied entschieden verbot verbietet verhängte verhängt"),
        ("commitment", "planned", "plant planen beabsichtigt will wollen"),
        ("commitment", "proposed", "schlug vorgeschlagen bietet bot"),
        ("commitment", "threatened", "droht drohte drohten"),
        ("commitment", "refused", "verweigert verweigerte lehnte abgelehnt lehnt"),
        ("reaction", "supports", "begrüßt begrüßte lobte lobt unterstützt unterstützte"),
        ("reaction", "opposes", "kritisierte kritisiert verurteilte verurteilt lehnte bestreitet bestritt dementierte"),
        ("reaction", "concerned", "warnte warnt befürchtet fürchtet bedauert"),
        ("reaction", "neutral", "fordert forderte verlangt verlangte"),
        ("danger", "", "könnte könnten droht drohen befürchtet gefahr risiko"),
        ("speech", "", "sagte sagt erklärte betonte meinte laut teilte"),
    ),
}  # fmt: skip


@cache
def cues_of(language: str | None) -> dict[str, tuple[Cue, ...]]:
    """The cues by the word that they begin with, longest first; none for a language that is not known."""
    found: dict[str, list[Cue]] = {}
    for word, cue in _english() if language == "en" else _foreign(language or ""):
        found.setdefault(word, []).append(cue)
    return {word: tuple(sorted(cues, key=lambda c: -len(c.follows))) for word, cues in found.items()}


def _english() -> Iterator[tuple[str, Cue]]:
    tables: tuple[tuple[CueKind, dict[str, str]], ...] = (
        ("commitment", {str(status): phrases for status, phrases in _COMMITMENTS.items()}),
        ("reaction", {str(stance): phrases for stance, phrases in _STANCES.items()}),
        ("danger", {"": _DANGERS}),
        ("speech", {"": _SPEECH}),
    )
    for kind, table in tables:
        for sort, phrases in table.items():
            for phrase in phrases.split("; "):
                verb, *follows = phrase.split()
                for form in forms(verb):
                    yield form, Cue(kind, sort, tuple(follows))


def _foreign(language: str) -> Iterator[tuple[str, Cue]]:
    for kind, sort, words in _FOREIGN.get(language, ()):
        for phrase in words.split():
            word, *follows = phrase.split("+")
            yield word, Cue(kind, sort, tuple(follows))


ACTOR_NOUNS = frozenset(
    "company firm operator government ministry agency union federation association council committee court party "
    "bank commission group fund parliament cabinet administration authority police army brigade club league board "
    "regulator watchdog chamber trust institute university ngo charity coalition alliance opposition bloc "
    "consortium president minister premier chancellor mayor spokesman spokeswoman spokesperson official officials "
    "chairman leader chairwoman chair director secretary governor ambassador envoy judge commissioner inspector "
    "analyst analysts expert experts economist economists residents farmers fishers fishermen workers drivers "
    "members traders hauliers parents passengers commuters voters students teachers doctors nurses families "
    "refugees employers unions lawmakers mps councillors senators producers exporters importers manufacturers "
    "retailers investors shareholders creditors lenders campaigners activists protesters critics rebels militants "
    "troops soldiers delegates negotiators leaders ministers households customers suppliers lawyers prosecutors "
    "scientists researchers owners captain coach manager tribunal bureau office department delegation inquiry panel "
    "secretariat foundation society congress senate assembly states countries capital neighbours utility retailer "
    "manufacturer airline carmaker insurer developer broadcaster contractor supplier brewer steelmaker clinic "
    "hospital militia junta groups companies firms agencies ministries banks operators clubs charities "
    "environmentalists fans airlines retailers developers insurers hospitals clinics councils boards parties "
    "watchdogs regulators authorities forces sides signatories rebels guerrillas islanders villagers growers "
    "miners nations "
    "gouvernement ministère ministre président présidente maire syndicat syndicats entreprise société région "
    "préfecture tribunal parti association habitants riverains agriculteurs salariés élus porte-parole gobierno "
    "ministerio ministro ministra presidente presidenta alcalde alcaldesa sindicato empresa junta partido tribunal "
    "asociación vecinos agricultores regantes portavoz regierung ministerium minister ministerin gewerkschaft "
    "unternehmen partei verband bürgermeister bürgermeisterin anwohner sprecher sprecherin".split()
)
"""Common nouns that may stand for an actor."""
PERSON_NOUNS = frozenset(
    "president minister premier chancellor mayor spokesman spokeswoman spokesperson official chairman chairwoman chair "
    "director secretary governor ambassador envoy judge commissioner inspector analyst expert economist captain coach "
    "manager chief".split()
)
"""Those of them that are one person."""
ADJECTIVES = frozenset(
    "new former acting deputy senior chief local national regional federal interior foreign central public private "
    "smaller larger main general human medical independent many some several most all two three four five other "
    "opposition anonymous unnamed young old affected same".split()
)
HARMS = frozenset(
    "collapse lose loss die death harm damage shortage attack outbreak crisis war conflict violence escalate "
    "escalation worse worsen threaten endanger undermine destroy destruction fire flood poison infect infection "
    "spread short bankrupt bankruptcy close closure shut drop fall rise dearer cost disrupt disruption delay expose "
    "fail failure famine hunger unemployment weaken hurt kill disappear accident contaminate contamination leak "
    "invade invasion miss suffer wrong break injure injury sick illness disease epidemic explode explosion burn "
    "drown erode erosion pollute pollution shrink decline recession inflation default strike unrest riot split "
    "abuse fraud cheat exploit exploitation retaliate retaliation derail stall backfire trigger spark fuel "
    "destabilise destabilize instability insecurity poverty evict eviction homeless lay-off layoff redundancy sack "
    "cripple overwhelm exhaust deplete vanish extinct extinction drought stranded isolate penalise penalize punish "
    "deter discourage jeopardise jeopardize compromise breach hack steal theft violate blackout outage congestion "
    "chaos panic tension worst danger dangerous unsafe unsure void lapse expire undo reverse squeeze".split()
)
"""Words of harm."""
