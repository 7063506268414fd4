"""Which verbs say a commitment, a reaction or a danger, and of what sort; language by language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from summariser.schema import Stance, Status

SenseKind = Literal["commitment", "reaction", "danger", "speech"]


@dataclass(frozen=True, slots=True)
class VerbSense:
    """What a verb says: its kind, the status or stance that goes with it, and the words that must follow it."""

    kind: SenseKind
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


_STRESSED_AT_THE_END = frozenset(
    "admit allot commit compel concur deter expel omit permit regret repel rebut refer submit transfer".split()
)
_EITHER = frozenset("cancel imperil level signal".split())
_ONE_SHORT_SYLLABLE = re.compile(r"[^aeou]*[aeiou][bdglmnprt]")


def forms(verb: str) -> frozenset[str]:
    """An English verb, its third person, its past and its participles."""
    doubled = f"{verb}{verb[-1]}"
    if _ONE_SHORT_SYLLABLE.fullmatch(verb) or verb in _STRESSED_AT_THE_END:
        return frozenset({verb, f"{verb}s", f"{doubled}ed", f"{doubled}ing", *_IRREGULAR.get(verb, "").split()})
    if verb in _EITHER:
        return frozenset({verb, f"{verb}s", f"{verb}ed", f"{verb}ing", f"{doubled}ed", f"{doubled}ing"})
    base = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2:-1] not in "aeou":
        return frozenset({verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"})
    third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s"
    return frozenset({verb, third, f"{base}ed", f"{base}ing", *_IRREGULAR.get(verb, "").split()})


# A phrase is a verb, in any of its forms, and the words that must follow it.
_COMMITMENTS: dict[Status, str] = {
    "agreed": (
        "accede to; accept; agree; bind; bow to; clinch; come to terms; conclude; consent; enter into; "
        "give in to; hammer out; initial; oblige; ratify; reach a compromise; reach a deal; reach a settlement; "
        "reach agreement; reach an accord; reach an agreement; reach an understanding; seal a; seal an; seal the; "
        "settle; shake hands; shake on; sign; sign on; sign up; strike a bargain; strike a deal; "
        "strike an agreement; subscribe to"
    ),
    "pledged": (
        "assure; commit; contribute; donate; earmark; give her word; give his word; give its word; guarantee; "
        "pledge; promise; set aside; swear; undertake; vow"
    ),
    "decided": (
        "abolish; adopt; allocate; announce; appoint; approve; authorise; authorize; axe; ban; bar; blacklist; "
        "block; call off; cancel; compel; decide; decree; direct; do away with; endorse no; expel; extend; fine; "
        "forbid; freeze; grant; halt; hike; impose; instruct; introduce; invoke; lay down; lift; mandate; "
        "opt for; opt to; order; outlaw; overturn; postpone; prohibit; pull out; push through; raise interest; "
        "raise its; raise rates; raise tariffs; raise taxes; raise wages; recall; reinstate; repeal; require; "
        "rescind; resolve to; revoke; rule that; sanction; scrap; settle on; shelve; sign a decree; sign a law; "
        "sign an order; sign into law; sign the order; slash; stipulate; suspend; terminate; uphold; vote for; "
        "vote to; withdraw"
    ),
    "planned": (
        "aim to; gear up; go ahead with; intend; look to; plan; prepare to; press ahead with; schedule; seek to; "
        "set out to"
    ),
    "proposed": "dangle; float; hold out; offer; propose; put forward; put on; submit; suggest; tender; volunteer to",
    "threatened": (
        "give notice that; threaten legal; threaten strike; threaten that; threaten to; threaten with; "
        "warn he would; warn it will; warn it would; warn she would; warn they will; warn they would"
    ),
    "refused": (
        "balk at; decline; rebuff; refuse; reject; rule it out; rule out; rule that out; rule this out; spurn; "
        "turn down; walk away; withhold"
    ),
}
_STANCES: dict[Stance, str] = {
    "supports": (
        "admire; applaud; appreciate; approve of; back; celebrate; champion; cheer; cheer on; commend; "
        "compliment; congratulate; defend; embrace; endorse; express relief; express satisfaction; "
        "express support; favor; favour; hail; herald; justify; laud; pay tribute; praise; rally behind; rejoice; "
        "salute; side with; single out; stand behind; stand by; stand with; support; thank; voice support; "
        "vote for; vouch for; welcome"
    ),
    "opposes": (
        "accuse; appeal against; baulk; bemoan; berate; blame; blast; boo; boycott; brand; bristle; brush aside; "
        "brush off; challenge; chide; complain; condemn; contest; contradict; criticise; criticize; cry foul; "
        "decry; denigrate; denounce; deny; deplore; deride; disagree; disapprove; disavow; dismiss; dispute; "
        "dress down; express anger; express disappointment; express outrage; fault; find fault; fume; heckle; "
        "hit back; hit out; jeer; lambast; lament; lampoon; lash out; laugh off; lay the blame; mock; object; "
        "oppose; pillory; play down; pour scorn; protest; question; rage; rail; rebuff; rebuke; rebut; refute; "
        "reject; reprimand; reproach; repudiate; resent; resign; resist; ridicule; rubbish; scoff; scold; scorn; "
        "seethe; shrug off; slam; speak out; storm out; take aim at; take exception; take issue; veto; "
        "voice anger; vote against; walk out; wave away"
    ),
    "concerned": (
        "agonise; alarm; baulk; caution; doubt; dread; express alarm; express concern; express concerns; "
        "express doubts; express fears; express misgivings; express unease; express worry; fear; flag concerns; "
        "flag the; fret; fret about; raise concerns; raise doubts; regret; sound the alarm; unsettle; "
        "voice alarm; voice concern; voice doubts; voice fears; voice misgivings; warn; worry"
    ),
    "neutral": (
        "advise; appeal; ask; beg; call for; call on; call upon; demand; entreat; exhort; implore; plead; press; "
        "recommend; request; urge; want"
    ),
}
_DANGERS = (
    "caution; endanger; expose; fear; imperil; jeopardise; jeopardize; loom; risk; threaten; undermine; warn; worry"
)
_SPEECH = (
    "acknowledge; add; admit; allege; announce; argue; assert; assure; believe; call; caution; claim; comment; "
    "complain; concede; conclude that; confirm; contend; counter; declare; demand; denounce; deny; describe; "
    "emphasise; emphasize; estimate; expect; explain; fear; hail; insist; joke; lament; maintain; note; observe; "
    "pledge; point out; post; praise; predict; promise; quip; recall; recount; reiterate; remark; repeat; reply; "
    "report; respond; say; speak of; state; stress; suggest; tell; testify; think; tweet; underline; urge; vow; "
    "warn; write"
)
_FOREIGN: dict[str, tuple[tuple[SenseKind, str, str], ...]] = {
    "fr": (
        ("commitment", "agreed",
            "signé signe signent signent-elles accepté accepte acceptent conclu conclut conviennent convenu ratifié"),
        ("commitment", "pledged",
            "s'engage s'engagent s'engagé promet promettent promis garantit garantissent "
            "engage engagent engagé engagée engagés engagées"),
        ("commitment", "decided",
            "décidé décide décident ordonne ordonné impose imposé interdit adopte adopté vote "
            "voté votée approuvé approuvée autorise autorisé autorisée oblige obligé"),
        ("commitment", "planned", "prévoit prévoient compte entend entendent"),
        ("commitment", "proposed", "propose proposé proposent offre offert suggère"),
        ("commitment", "threatened", "menace menacent menacé brandit"),
        ("commitment", "refused", "refuse refusé refusent rejette rejeté exclut exclu"),
        ("reaction", "supports",
            "applaudit applaudissent applaudi salue saluent salué félicite félicité soutient soutiennent approuve "
            "défend"),
        ("reaction", "opposes",
            "dénonce dénoncent dénoncé condamne condamné critique critiqué rejette rejeté "
            "démenti dément déplore déploré conteste accuse accusé refuse"),
        ("reaction", "concerned", "redoute redoutent craint craignent s'inquiète s'inquiètent regrette avertit averti"),
        ("reaction", "neutral", "demande demandent réclame réclament appelle exhorte"),
        ("danger", "", "redoute redoutent craint craignent pourrait pourraient risque risquent menace menacent"),
        ("speech", "",
            "dit déclare déclaré affirme affirmé estime ajoute explique assure répond annonce "
            "lâche indique selon rappelle avertit prévient assuré prévenu promis menace tranché insisté souligne"),
    ),
    "es": (
        ("commitment", "agreed", "acordó acordaron acuerda firmó firmaron firman aceptó aceptaron pactó pactaron"),
        ("commitment", "pledged",
            "prometió promete prometieron comprometió comprometieron compromete garantizó "
            "garantiza"),
        ("commitment", "decided",
            "decidió decide decidieron ordenó ordena impuso impone prohibió prohíbe aprobó "
            "aprueba aprobado anunció anuncia decretó autorizó autoriza obliga obligó ordenado suspendió suspende"),
        ("commitment", "planned", "prevé prevén planea planean pretende pretenden proyecta"),
        ("commitment", "proposed", "propuso propone ofreció ofrece sugirió"),
        ("commitment", "threatened", "amenazó amenaza amenazaron"),
        ("commitment", "refused", "rechazó rechaza negó+a niega+a descartó descarta"),
        ("reaction", "supports",
            "celebró celebra saludó aplaudió aplaude apoyó apoya elogió respaldó respalda agradeció"),
        ("reaction", "opposes",
            "condenó condena criticó critica denunció denuncia rechazó rechaza acusó acusa "
            "lamentó desmintió tachó calificó negó niega"),
        ("reaction", "concerned", "teme temen temió advirtió advierte alertó alerta preocupa"),
        ("reaction", "neutral", "pidió pide exigió exige instó reclamó reclama"),
        ("danger", "", "podría podrían teme temen riesgo amenaza amenazan peligro advirtió advierte alertó"),
        ("speech", "",
            "dijo dice declaró afirmó aseguró explicó añadió señaló indicó sostuvo respondió "
            "advirtió según reconoció prometió avisó denunció insistió subrayó recordó"),
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
def verb_senses(language: str | None) -> dict[str, tuple[VerbSense, ...]]:
    """The cues by the word that they begin with, longest first; none for a language that is not known."""
    found: dict[str, list[VerbSense]] = {}
    for word, cue in _english() if language == "en" else _foreign(language or ""):
        found.setdefault(word, []).append(cue)
    return {word: tuple(sorted(cues, key=lambda c: -len(c.follows))) for word, cues in found.items()}


def _english() -> Iterator[tuple[str, VerbSense]]:
    tables: tuple[tuple[SenseKind, dict[str, str]], ...] = (
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
                    yield form, VerbSense(kind, sort, tuple(follows))


def _foreign(language: str) -> Iterator[tuple[str, VerbSense]]:
    for kind, sort, words in _FOREIGN.get(language, ()):
        for phrase in words.split():
            word, *follows = phrase.split("+")
            yield word, VerbSense(kind, sort, tuple(follows))


GIVING = frozenset(
    form for verb in "repeat renew reiterate make give issue put lay reaffirm extend".split() for form in forms(verb)
) | {"made", "making", "gave", "given", "told", "tells", "laid", "puts"}
"""Verbs that give a word: a promise, an ultimatum; and those that need words around what they give."""
WORDS_GIVEN: dict[str, Status] = {
    "promise": "pledged", "pledge": "pledged", "vow": "pledged", "guarantee": "pledged", "assurance": "pledged",
    "assurances": "pledged", "commitment": "pledged", "undertaking": "pledged", "undertakings": "pledged",
    "offer": "proposed", "proposal": "proposed", "threat": "threatened", "ultimatum": "threatened",
}  # fmt: skip
"""What is given, and the status that goes with it."""
AUTHORITIES = re.compile(
    r"\b(?:court|tribunal|judge|regulator|watchdog|authority|commission|ministry|government|inspectorate|ombudsman|council|"
    r"agency|police|mayor|minister)\b", re.I
)  # fmt: skip
"""Who orders when telling somebody to do something."""
_FOREIGN_ACTORS = (
    "conseil conseillers élu élue élues direction collectif préfet adjoint adjointe député députée députés commune "
    "mairie intersyndicale grévistes familles patronat groupe fédération parquet juge cour chambre assemblée "
    "majorité filiale exploitant compagnie agence chercheurs médecins enseignants étudiants commerçants pêcheurs "
    "éleveurs directrice directeur délégué déléguée secrétaire ejecutivo consejera consejero consejería compañía "
    "cooperativa grupo ayuntamiento ayuntamientos alcaldes concejal concejala diputado diputada diputados fiscalía "
    "jueza audiencia sindicatos patronal trabajadores empleados familias vecinas directora ganaderos pescadores "
    "profesores estudiantes comerciantes oposición coalición plataforma colectivo"
)
_ACTORS = frozenset(
    "company firm operator carrier crew crews pilots midwife midwives founder co-founder owner buyer buyers clients "
    "patients supporters advocates trustees heads headteachers bishop diocese church ombudsman auditor magistrate "
    "jury mediator lobby side team staff management executives donors partners legislators politicians opponents "
    "demonstrators strikers relatives survivors victims mothers fathers children operator government ministry "
    "agency union federation association council committee court party bank commission group fund parliament "
    "cabinet administration authority police army brigade club league board regulator watchdog chamber trust "
    "institute university ngo charity coalition alliance opposition bloc consortium president minister premier "
    "chancellor mayor spokesman spokeswoman spokesperson official officials chairman leader chairwoman chair "
    "director secretary governor ambassador envoy judge commissioner inspector analyst analysts expert experts "
    "economist economists residents farmers fishers fishermen workers drivers members traders hauliers parents "
    "passengers commuters voters students teachers doctors nurses families refugees employers unions lawmakers mps "
    "councillors senators producers exporters importers manufacturers retailers investors shareholders creditors "
    "lenders campaigners activists protesters critics rebels militants troops soldiers delegates negotiators "
    "leaders ministers households customers suppliers lawyers prosecutors scientists researchers owners captain "
    "coach manager tribunal bureau office department delegation inquiry panel secretariat foundation society "
    "congress senate assembly states countries capital neighbours utility retailer manufacturer airline carmaker "
    "insurer developer broadcaster contractor supplier brewer steelmaker clinic hospital militia junta groups "
    "companies firms agencies ministries banks operators clubs charities environmentalists fans airlines retailers "
    "developers insurers hospitals clinics councils boards parties watchdogs regulators authorities forces sides "
    "signatories rebels guerrillas islanders villagers growers miners nations gouvernement ministère ministre "
    "président présidente maire syndicat syndicats entreprise société région préfecture tribunal parti association "
    "habitants riverains agriculteurs salariés élus porte-parole gobierno ministerio ministro ministra presidente "
    "presidenta alcalde alcaldesa sindicato empresa junta partido tribunal asociación vecinos agricultores regantes "
    "portavoz regierung ministerium minister ministerin gewerkschaft unternehmen partei verband bürgermeister "
    "bürgermeisterin anwohner sprecher sprecherin".split()
)
ACTOR_NOUNS = _ACTORS | frozenset(_FOREIGN_ACTORS.split())
"""Common nouns that may stand for an actor."""


@cache
def actor_nouns(language: str | None) -> frozenset[str]:
    """Those of a language."""
    return _ACTORS if language == "en" else ACTOR_NOUNS


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
