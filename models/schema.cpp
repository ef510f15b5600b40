#include "models/schema.hpp"

#include <algorithm>
#include <array>

namespace tl {
namespace {

using K = FieldKind;
using U = FieldUnit;

constexpr auto kFields = std::to_array<FieldEntry>({
    {"model", "name", K::text, U::none, false, "", "the model's name"},
    {"model", "about", K::text, U::none, false, "", "what it is about"},
    {"model", "start", K::instant, U::none, false, "", "civil date of time 0 of the results"},
    {"model", "horizon", K::scalar, U::duration, false, "", "how long results are taken"},
    {"model", "warmup", K::scalar, U::duration, false, "", "how long the model runs before"},
    {"model", "every", K::text, U::none, false, "month|quarter|year", "reporting period, or a length"},
    {"model", "replications", K::scalar, U::count, false, "", "how often the model runs"},
    {"model", "seed", K::scalar, U::count, false, "", "of the random numbers"},
    {"model", "population_scale", K::scalar, U::count, false, "", "part of the population that is run"},
    {"model", "by", K::names, U::none, false, "traits", "traits by whose values results are kept too"},
    {"model", "cohort", K::word, U::none, false, "ended|arrived_in_window", "whose waits and stays count"},
    {"model", "deadlock", K::word, U::none, false, "swap|report", "what happens to clients who wait for each other"},
    {"model", "observe", K::instants, U::none, false, "", "instants at which the state is kept"},

    {"calendar", "holidays", K::instants, U::none, false, "", "days that are no business days: dates, or 12-25"},

    {"holidays", "date", K::instant, U::none, true, "", "a date, or a day of every year: 12-25"},
    {"holidays", "name", K::text, U::none, false, "", "name shown"},

    {"calendars", "id", K::id, U::none, true, "", "name used in the model"},
    {"calendars", "windows", K::windows, U::none, true, "", "hours or instants of the week"},

    {"departments", "id", K::id, U::none, true, "", "name used in the model"},
    {"departments", "name", K::text, U::none, false, "", "name shown"},

    {"traits", "id", K::id, U::none, true, "", "name used in the model"},
    {"traits", "values", K::names, U::none, true, "", "its values; clients have the first unless told otherwise"},

    {"populations", "id", K::id, U::none, true, "", "name used in the model"},
    {"populations", "name", K::text, U::none, false, "", "name shown"},

    {"mix", "population", K::name, U::none, true, "populations", "whose mix"},
    {"mix", "trait", K::name, U::none, true, "traits", "which trait; several joined by +"},
    {"mix", "value", K::text, U::none, true, "", "which value; of several traits joined by +"},
    {"mix", "share", K::scalar, U::share, false, "", "share with that value; empty = the remainder"},
    {"mix", "when", K::condition, U::none, false, "", "over other traits"},

    {"settings", "id", K::id, U::none, true, "", "name used in the model"},
    {"settings", "name", K::text, U::none, false, "", "name shown"},
    {"settings", "kind", K::word, U::none, false, "place|program", "where clients are, or what they are enrolled in"},
    {"settings", "department", K::name, U::none, false, "departments", "who runs it"},
    {"settings", "domain", K::name, U::none, false, "domains", "one of the seven domains"},
    {"settings", "level", K::scalar, U::count, false, "", "0 (own home) to 6 (locked)"},
    {"settings", "capacity", K::number, U::count, false, "unlimited", "beds, slots, chairs, units"},
    {"settings", "takes", K::number, U::count, false, "", "units one client needs"},
    {"settings", "pool", K::name, U::none, false, "pools", "whose units are used"},
    {"settings", "stay", K::distribution, U::duration, true, "until_moved", "length of stay"},
    {"settings", "queue.discipline", K::word, U::none, false, "fifo|priority|score", "who is first"},
    {"settings", "queue.priority", K::conditions, U::none, false, "", "rules, first served first"},
    {"settings", "queue.score", K::names, U::none, false, "", "points: 25 when smi = yes; 2 per 30 d; 10 after 90 d"},
    {"settings", "queue.least_wait", K::scalar, U::duration, false, "", "no grant before a request is this old"},
    {"settings", "queue.fit", K::word, U::none, false, "strict|first_fit", "whether one who fits may pass"},
    {"settings", "queue.preempt", K::word, U::none, false, "resume|resample|restart",
     "taking a unit from a worse class"},
    {"settings", "queue.preempted_to", K::name, U::none, false, "settings", "where those go whose unit was taken"},
    {"settings", "queue.patience_pauses", K::names, U::none, false, "interim|away", "when patience stands still"},
    {"settings", "queue.limit", K::number, U::count, false, "", "most that wait outside beds"},
    {"settings", "queue.limit_in_place", K::number, U::count, false, "", "most that wait in a bed elsewhere"},
    {"settings", "queue.patience", K::distribution, U::duration, false, "", "how long clients wait"},
    {"settings", "queue.on_refuse", K::destination, U::none, false, "", "where those refused go"},
    {"settings", "queue.on_renege", K::destination, U::none, false, "", "where those go who give up"},
    {"settings", "queue.standard", K::scalar, U::duration, false, "", "a wait within this meets the standard"},
    {"settings", "turnaround", K::distribution, U::duration, false, "", "time a unit stays empty between clients"},
    {"settings", "admits", K::windows, U::none, false, "calendars", "when admissions happen"},
    {"settings", "serves", K::windows, U::none, false, "calendars", "outside of it stays stand still"},
    {"settings", "capacity_hours", K::windows, U::share, false, "calendars", "part of the capacity in some hours"},
    {"settings", "on_entry", K::actions, U::none, false, "", "done when a client enters"},
    {"settings", "next", K::actions, U::none, false, "", "short routes: SHARE DESTINATION when CONDITION do ACTIONS"},
    {"settings", "returns", K::scalar, U::duration, false, "", "an admission this soon after leaving is a return"},
    {"settings", "hold", K::distribution, U::duration, false, "", "how long the unit is kept for a client who is away"},
    {"settings", "on_return", K::word, U::none, false, "resume|resample|run_on", "the stay of a client who is back"},
    {"settings", "temporary", K::word, U::none, false, "no|yes", "clients here keep a claim on where they came from"},
    {"settings", "on_cut", K::word, U::none, false, "attrition|discharge", "when capacity falls below the census"},
    {"settings", "cut_to", K::destination, U::none, false, "", "where those discharged go"},
    {"settings", "to_running", K::word, U::none, false, "no|yes", "dated changes of the stay reach those who are in"},
    {"settings", "while_in", K::conditions, U::none, false, "", "what an enrolment does while the client is elsewhere"},
    {"settings", "requires", K::names, U::none, false, "assessments", "assessments needed before admission"},
    {"settings", "accepts", K::names, U::none, false, "departments", "whose assessments serve"},
    {"settings", "time_to_start", K::distribution, U::duration, false, "",
     "from funding more units to their first client"},
    {"settings", "requires_order", K::word, U::none, false, "together|serial", "how missing ones are asked for"},
    {"settings", "staffing", K::list, U::none, false, "", "what it needs of staff: rows as of the table staffing"},
    {"settings", "source_kind", K::word, U::none, false, "sourced|recalled|assumption", "standing of the numbers"},

    {"routes", "id", K::id, U::none, false, "", "name for scenarios; default from>to"},
    {"routes", "from", K::text, U::none, true, "settings", "a setting, arrivals.ID, events.ID or timers.ID"},
    {"routes", "to", K::destination, U::none, true, "", "a setting, leave:REASON, stay, end or return"},
    {"routes", "share", K::number, U::share, false, "otherwise", "share taking it; empty = the remainder"},
    {"routes", "when", K::condition, U::none, false, "", "only while this holds"},
    {"routes", "do", K::actions, U::none, false, "", "done before the move"},
    {"routes", "wait", K::text, U::none, false, "in_place|line", "where a client waits for a full setting"},
    {"routes", "delay", K::distribution, U::duration, false, "", "discharge delay, served in the unit"},
    {"routes", "no_claim", K::destination, U::none, false, "", "of return: where those without a claim go"},
    {"routes", "temporary", K::word, U::none, false, "no|yes", "a move that leaves a claim alone"},
    {"routes", "handoff.delay", K::distribution, U::duration, false, "", "time from grant to move"},
    {"routes", "handoff.lost", K::number, U::share, false, "", "share lost on the way"},
    {"routes", "handoff.lost_to", K::destination, U::none, false, "", "where those lost go"},
    {"routes", "handoff.during", K::name, U::none, false, "settings", "where clients are meanwhile"},

    {"pools", "id", K::id, U::none, true, "", "name used in the model"},
    {"pools", "name", K::text, U::none, false, "", "name shown"},
    {"pools", "department", K::name, U::none, false, "departments", "who runs it"},
    {"pools", "capacity", K::number, U::count, true, "", "units its settings share"},
    {"pools", "capacity_hours", K::windows, U::share, false, "calendars", "part of them in some hours"},
    {"pools", "staffing", K::list, U::none, false, "", "what its units need of staff: rows as of the table staffing"},

    {"staff", "id", K::id, U::none, true, "", "name used in the model"},
    {"staff", "name", K::text, U::none, false, "", "name shown"},
    {"staff", "role", K::text, U::none, true, "", "what they are; several pools may have one role"},
    {"staff", "department", K::name, U::none, false, "departments", "who employs them"},
    {"staff", "fte", K::number, U::count, true, "", "posts in the budget, in full-time equivalents"},
    {"staff", "hours_per_week", K::scalar, U::count, false, "", "paid hours of one FTE; 40 unless told otherwise"},
    {"staff", "leave", K::scalar, U::share, false, "", "share of the paid hours away: vacation, sickness, holidays"},
    {"staff", "training", K::scalar, U::share, false, "", "share of the paid hours in training"},
    {"staff", "salary", K::number, U::count, false, "", "dollars for one FTE and year"},
    {"staff", "benefits", K::scalar, U::ratio, false, "", "on top of the salary, as a share of it"},
    {"staff", "payer", K::name, U::none, false, "payers", "who pays all of the salaries"},
    {"staff", "split", K::shares, U::share, false, "payers", "who pays what share of them"},
    {"staff", "turnover", K::number, U::rate, false, "", "rate at which each employed person leaves"},
    {"staff", "time_to_hire", K::distribution, U::duration, false, "", "from a post's vacancy to the first day"},
    {"staff", "hires_at_once", K::scalar, U::count, false, "", "vacancies that can be in the course of being filled"},
    {"staff", "vacant_at_start", K::scalar, U::share, false, "", "share of the posts; as in the long run unless given"},
    {"staff", "overtime.up_to", K::number, U::share, false, "",
     "hours that those employed can work on top, as a share of theirs"},
    {"staff", "overtime.pay", K::scalar, U::ratio, false, "",
     "for such an hour, in salaries of an hour; 1.5 unless given"},
    {"staff", "agency.up_to", K::number, U::count, false, "", "temporary people at most [FTE]"},
    {"staff", "agency.after", K::scalar, U::duration, false, "", "they take posts vacant for this long; default 0"},
    {"staff", "agency.pay", K::number, U::money, false, "", "dollars for an hour that one of them works"},
    {"staff", "team.of", K::scalar, U::count, false, "", "posts that open together, as a team"},
    {"staff", "team.opens_at", K::scalar, U::count, false, "", "posts filled at which a team opens"},
    {"staff", "team.closes_under", K::scalar, U::count, false, "", "it closes when fewer are filled"},
    {"staff", "share", K::word, U::none, false, "order|proportion", "between settings that use the pool"},
    {"staff", "order", K::names, U::none, false, "settings", "who takes first"},

    {"staffing", "id", K::id, U::none, false, "", "name for scenarios; default SETTING.STAFF"},
    {"staffing", "setting", K::name, U::none, true, "settings", "a setting, or a pool of units"},
    {"staffing", "staff", K::name, U::none, true, "staff", "whose staff"},
    {"staffing", "clients_per_fte", K::number, U::count, false, "", "clients that one FTE can carry"},
    {"staffing", "posts", K::number, U::count, false, "", "posts on duty for each clients_per_post"},
    {"staffing", "clients_per_post", K::number, U::count, false, "", "clients for whom so many posts are on duty"},
    {"staffing", "hours", K::windows, U::none, false, "calendars", "when the posts are on duty; 24/7 unless given"},
    {"staffing", "standard_clients_per_fte", K::scalar, U::count, false, "",
     "the stated standard, for clients_per_fte"},
    {"staffing", "limits", K::word, U::none, false, "yes|no",
     "whether what staff cannot carry stays empty; default yes"},
    {"staffing", "standard_clients_per_post", K::scalar, U::count, false, "", "the stated standard, for posts"},

    {"assessments", "id", K::id, U::none, true, "", "name used in the model"},
    {"assessments", "name", K::text, U::none, false, "", "name shown"},
    {"assessments", "given_by", K::names, U::none, true, "settings", "programs that give it"},
    {"assessments", "on", K::word, U::none, false, "admission|completion", "when they give it"},
    {"assessments", "valid", K::scalar, U::duration, false, "", "how long it lasts"},

    {"requests", "id", K::id, U::none, true, "", "name used in the model"},
    {"requests", "goal", K::name, U::none, true, "settings", "what is waited for"},
    {"requests", "track", K::text, U::none, false, "", "of standing requests; at most 4 in a model"},
    {"requests", "alternates", K::names, U::none, false, "settings", "accepted too: SETTING, or SETTING after 60 d"},
    {"requests", "interims", K::names, U::none, false, "settings", "places to be in while the request stays open"},
    {"requests", "not_from", K::condition, U::none, false, "", "while this holds no unit can be taken up"},
    {"requests", "while_away", K::word, U::none, false, "park|drop", "what happens to the request meanwhile"},
    {"requests", "closes", K::names, U::none, false, "", "tracks whose requests end when it is granted"},
    {"requests", "keep", K::word, U::none, false, "no|yes", "leaves a standing request that is there alone"},
    {"requests", "temporary", K::word, U::none, false, "no|yes", "an admission that leaves a claim alone"},

    {"outcomes", "id", K::id, U::none, true, "", "name used in the model"},
    {"outcomes", "name", K::text, U::none, false, "", "name shown"},

    {"arrivals", "id", K::id, U::none, true, "", "name used in the model"},
    {"arrivals", "population", K::name, U::none, false, "populations", "who comes"},
    {"arrivals", "rate", K::number, U::rate, false, "", "how many come"},
    {"arrivals", "growth", K::scalar, U::ratio, false, "", "per year"},
    {"arrivals", "months", K::numbers, U::ratio, false, "", "12 factors"},
    {"arrivals", "weekdays", K::numbers, U::ratio, false, "", "7 factors, Monday first"},
    {"arrivals", "hours", K::numbers, U::ratio, false, "", "24 factors"},
    {"arrivals", "gap", K::distribution, U::duration, false, "", "time between two arrivals"},
    {"arrivals", "dates", K::instants, U::none, false, "", "instants at which one comes"},
    {"arrivals", "batch", K::distribution, U::count, false, "", "how many come at once"},
    {"arrivals", "traits", K::traits, U::none, false, "", "fixed traits"},
    {"arrivals", "to", K::destination, U::none, false, "", "where to"},
    {"arrivals", "do", K::actions, U::none, false, "", "done on arrival"},
    {"arrivals", "next", K::actions, U::none, false, "", "short routes: SHARE DESTINATION when CONDITION do ACTIONS"},
    {"arrivals", "wait", K::text, U::none, false, "line", "where a client waits for a full setting"},

    {"initial", "id", K::id, U::none, false, "", "name used in the model"},
    {"initial", "place", K::name, U::none, true, "settings", "where they are"},
    {"initial", "count", K::scalar, U::count, true, "", "how many"},
    {"initial", "population", K::name, U::none, false, "populations", "who they are"},
    {"initial", "traits", K::traits, U::none, false, "", "fixed traits"},
    {"initial", "stay", K::text, U::none, false, "residual|fresh", "how much of the stay is over"},
    {"initial", "stay.elapsed", K::distribution, U::duration, false, "", "time already spent"},
    {"initial", "stay.remaining", K::distribution, U::duration, false, "", "time that remains"},
    {"initial", "stay.share_of_stay", K::distribution, U::ratio, false, "", "remaining part of a fresh stay"},
    {"initial", "stay.least", K::scalar, U::duration, false, "", "of share_of_stay: at least this long"},
    {"initial", "do", K::actions, U::none, false, "", "requests and enrolments they have"},
    {"initial", "waited", K::scalar, U::duration, false, "", "how old their requests are"},

    {"census", "id", K::id, U::none, false, "", "name used in the model"},
    {"census", "place", K::name, U::none, true, "settings", "where the client is"},
    {"census", "since", K::text, U::none, false, "", "since when: a date, or a time ago"},
    {"census", "waiting_for", K::name, U::none, false, "settings", "a setting or a row of requests"},
    {"census", "waiting_since", K::text, U::none, false, "", "since when: a date, or a time ago"},
    {"census", "population", K::name, U::none, false, "populations", "who the client is"},
    {"census", "traits", K::traits, U::none, false, "", "fixed traits"},
    {"census", "trait", K::traits, U::none, false, "", "fixed traits, a column each: trait.smi"},
    {"census", "enrolled", K::names, U::none, false, "settings", "programs the client is in"},

    {"events", "id", K::id, U::none, true, "", "name used in the model"},
    {"events", "rate", K::number, U::rate, true, "", "how often, per client"},
    {"events", "when", K::condition, U::none, false, "", "only while this holds"},
    {"events", "to", K::destination, U::none, false, "", "where to"},
    {"events", "do", K::actions, U::none, false, "", "done when it happens"},
    {"events", "next", K::actions, U::none, false, "", "short routes: SHARE DESTINATION when CONDITION do ACTIONS"},
    {"events", "no_claim", K::destination, U::none, false, "", "of return: where those without a claim go"},
    {"events", "wait", K::text, U::none, false, "in_place|line", "where a client waits for a full setting"},

    {"timers", "id", K::id, U::none, true, "", "name used in the model"},
    {"timers", "from", K::text, U::none, true, "settings", "arrival, a setting or events.ID"},
    {"timers", "after", K::distribution, U::duration, true, "", "time from the start"},
    {"timers", "repeat", K::word, U::none, false, "no|yes", "begins again when it has rung"},
    {"timers", "while", K::condition, U::none, false, "", "cancelled when this ends"},
    {"timers", "to", K::destination, U::none, false, "", "where to"},
    {"timers", "do", K::actions, U::none, false, "", "done when it rings"},
    {"timers", "no_claim", K::destination, U::none, false, "", "of return: where those without a claim go"},
    {"timers", "wait", K::text, U::none, false, "in_place|line", "where a client waits for a full setting"},

    {"milestones", "id", K::id, U::none, true, "", "name used in the model"},
    {"milestones", "name", K::text, U::none, false, "", "name shown"},
    {"milestones", "from", K::text, U::none, false, "settings", "arrival, a setting or events.ID"},
    {"milestones", "reach", K::names, U::none, true, "settings", "what is to be entered"},
    {"milestones", "how", K::text, U::none, false, "all|any", "how many of them"},
    {"milestones", "standard", K::scalar, U::duration, false, "", "reached within this meets the standard"},
    {"milestones", "do", K::actions, U::none, false, "", "done when it is reached"},

    {"handoffs", "id", K::id, U::none, false, "", "name used in the model"},
    {"handoffs", "from", K::name, U::none, false, "departments", "a department, or any"},
    {"handoffs", "to", K::name, U::none, false, "departments", "a department, or any"},
    {"handoffs", "between", K::word, U::none, false, "within|across", "only within one, or only across two"},
    {"handoffs", "delay", K::distribution, U::duration, false, "", "time from grant to move"},
    {"handoffs", "lost", K::number, U::share, false, "", "share lost on the way"},
    {"handoffs", "lost_to", K::destination, U::none, false, "", "where those lost go"},
    {"handoffs", "during", K::name, U::none, false, "settings", "where clients are meanwhile"},

    {"vary", "field", K::text, U::none, true, "", "the number's address: settings.psh.stay.mean"},
    {"vary", "when", K::condition, U::none, true, "", "while this holds"},
    {"vary", "value", K::scalar, U::any, false, "", "the number is this"},
    {"vary", "scale", K::scalar, U::ratio, false, "", "or is multiplied by this"},

    {"dated", "field", K::text, U::none, true, "", "the number's address: settings.psh.capacity"},
    {"dated", "at", K::instant, U::none, true, "", "from then on"},
    {"dated", "value", K::scalar, U::any, true, "", "the number is this"},
    {"dated", "shape", K::word, U::none, false, "step|linear", "by steps, or along a line"},
    {"dated", "every", K::scalar, U::duration, false, "", "repeated after this"},

    {"parameters", "id", K::id, U::none, true, "", "name used in formulas"},
    {"parameters", "value", K::scalar, U::any, true, "", "a number or a formula"},
    {"parameters", "unit", K::text, U::none, false, "", "of the value"},
    {"parameters", "distribution", K::text, U::none, false, "", "how uncertain it is"},

    {"levers", "id", K::id, U::none, true, "", "name used by scenarios"},
    {"levers", "name", K::text, U::none, false, "", "name shown"},
    {"levers", "about", K::text, U::none, false, "", "how it works, in plain words"},
    {"levers", "grade", K::word, U::none, false, "A|B|C|D", "how good the evidence is"},
    {"levers", "set", K::changes, U::none, false, "", "addresses and the values they go to"},
    {"levers", "scale", K::changes, U::none, false, "", "addresses and factors"},
    {"levers", "add", K::changes, U::none, false, "", "addresses and what is added"},
    {"levers", "from", K::names, U::none, false, "routes", "of shares: the routes that give or take"},
    {"levers", "starts", K::instant, U::none, false, "", "from when on it acts; empty = the whole run"},
    {"levers", "ramp", K::scalar, U::duration, false, "", "how long until it has its strength"},

    {"lever_changes", "lever", K::name, U::none, true, "levers", "whose change"},
    {"lever_changes", "change", K::word, U::none, true, "set|scale|add", "how"},
    {"lever_changes", "address", K::text, U::none, true, "", "what: settings.psh.capacity, parameters.ID"},
    {"lever_changes", "value", K::scalar, U::any, true, "", "to what, by what factor, how much more"},
    {"lever_changes", "from", K::names, U::none, false, "routes", "of a share: the routes that give or take"},

    {"policies", "id", K::id, U::none, true, "", "name used in the model"},
    {"policies", "name", K::text, U::none, false, "", "name shown"},
    {"policies", "about", K::text, U::none, false, "", "what it does, in plain words"},
    {"policies", "on", K::word, U::none, false, "yes|no", "whether the policy is there at all"},
    {"policies", "when.measure", K::word, U::none, false, "waiting|boarding|census|occupancy|free", "what it looks at"},
    {"policies", "when.settings", K::names, U::none, false, "settings", "of which settings or pools, together"},
    {"policies", "when.waited_over", K::scalar, U::duration, false, "", "of waiting: only those who wait longer"},
    {"policies", "when.over", K::scalar, U::count, false, "", "opens above this"},
    {"policies", "when.under", K::scalar, U::count, false, "", "or below this"},
    {"policies", "when.for", K::scalar, U::duration, false, "", "at every review for that long"},
    {"policies", "until.over", K::scalar, U::count, false, "", "closes above this"},
    {"policies", "until.under", K::scalar, U::count, false, "", "or below this"},
    {"policies", "until.for", K::scalar, U::duration, false, "", "at every review for that long"},
    {"policies", "until", K::word, U::none, false, "never", "it stays open"},
    {"policies", "review", K::scalar, U::duration, false, "", "how often it looks; default 1 d"},
    {"policies", "lead_time", K::scalar, U::duration, false, "", "from the decision to open until it is open"},
    {"policies", "closing_time", K::scalar, U::duration, false, "", "from the decision to close until it is closed"},
    {"policies", "season.from", K::text, U::none, false, "", "first day of the year on which it may be open: 11-15"},
    {"policies", "season.to", K::text, U::none, false, "", "last day: 03-31"},
    {"policies", "changes", K::list, U::none, true, "",
     "what is changed while it is open: path, and set, scale or add"},

    {"metrics", "id", K::id, U::none, true, "", "name of the metric"},
    {"metrics", "measure", K::text, U::none, true, "", "what is measured"},
    {"metrics", "scope", K::word, U::none, true,
     "setting|department|domain|level|model|event|outcome|milestone|reason|payer", "of what"},
    {"metrics", "subject", K::text, U::none, false, "", "of which one"},
    {"metrics", "good", K::word, U::none, false, "lower|higher", "which direction is good"},
    {"metrics", "target", K::scalar, U::any, false, "", "the value to reach"},
    {"metrics", "words", K::text, U::none, false, "", "what it means"},
    {"metrics", "by", K::names, U::none, false, "traits", "traits by which it is told; instead of the model's"},

    {"metrics", "per", K::text, U::none, false, "", "the measure it is divided by"},
    {"metrics", "per_scope", K::word, U::none, false,
     "setting|department|domain|level|model|event|outcome|milestone|reason|payer", "of what that is taken"},
    {"metrics", "per_subject", K::text, U::none, false, "", "of which one"},
    {"metrics", "averted", K::word, U::none, false, "no|yes", "per each one fewer than in the scenario compared with"},

    {"money", "dollars_of", K::scalar, U::count, false, "", "the year whose dollars the amounts are"},
    {"money", "discount", K::scalar, U::ratio, false, "", "a year; later dollars count for less"},

    {"payers", "id", K::id, U::none, true, "", "name used in the model"},
    {"payers", "name", K::text, U::none, false, "", "name shown"},

    {"costs", "id", K::id, U::none, true, "", "name of the cost"},
    {"costs", "name", K::text, U::none, false, "", "name shown"},
    {"costs", "setting", K::name, U::none, false, "settings", "which setting or pool causes it"},
    {"costs", "department", K::name, U::none, false, "departments", "whose cost it is; default the setting's"},
    {"costs", "per", K::word, U::none, true, "client day|capacity day|admission|year|event|outcome|once|staff hour",
     "what the amount is paid for"},
    {"costs", "event", K::name, U::none, false, "events", "of per = event: an event or timer"},
    {"costs", "outcome", K::name, U::none, false, "outcomes", "of per = outcome"},
    {"costs", "staff", K::name, U::none, false, "staff", "of per = staff hour"},
    {"costs", "on", K::instant, U::none, false, "", "of per = once: when"},
    {"costs", "amount", K::number, U::money, true, "", "dollars"},
    {"costs", "payer", K::name, U::none, false, "payers", "who bears all of it"},
    {"costs", "split", K::shares, U::share, false, "payers", "who bears what share"},

    {"budgets", "id", K::id, U::none, true, "", "name of the budget"},
    {"budgets", "name", K::text, U::none, false, "", "name shown"},
    {"budgets", "amount", K::number, U::money, true, "", "dollars that may be spent in each period"},
    {"budgets", "every", K::word, U::none, false, "month|quarter|year|once", "how long a period is; default year"},
    {"budgets", "starts", K::text, U::none, false, "", "first day of a year's period: 07-01"},
    {"budgets", "counts.settings", K::names, U::none, false, "settings", "whose costs count; all unless given"},
    {"budgets", "counts.departments", K::names, U::none, false, "departments", "whose costs count; all unless given"},
    {"budgets", "counts.payers", K::names, U::none, false, "payers", "whose shares count; all unless given"},
    {"budgets", "counts.costs", K::names, U::none, false, "", "which cost items count; all unless given"},
    {"budgets", "stops_admissions", K::names, U::none, false, "settings", "nobody is admitted there once it is spent"},
    {"budgets", "stops_openings", K::names, U::none, false, "", "policies that do not open once it is spent"},
    {"budgets", "review", K::scalar, U::duration, false, "", "how often it is looked at; default 1 d"},

    {"incentives", "id", K::id, U::none, true, "", "name of the incentive"},
    {"incentives", "name", K::text, U::none, false, "", "name shown"},
    {"incentives", "outcome", K::name, U::none, false, "outcomes", "paid each time this is counted"},
    {"incentives", "metric", K::name, U::none, false, "metrics", "or for each period in which this reaches its target"},
    {"incentives", "target", K::scalar, U::any, false, "", "what is to be reached; default the metric's own"},
    {"incentives", "every", K::word, U::none, false, "month|quarter|year", "how long such a period is"},
    {"incentives", "setting", K::name, U::none, false, "settings", "whose provider gets it"},
    {"incentives", "department", K::name, U::none, false, "departments", "whose provider gets it"},
    {"incentives", "amount", K::number, U::money, true, "", "dollars, each time"},
    {"incentives", "payer", K::name, U::none, false, "payers", "who pays all of it"},
    {"incentives", "split", K::shares, U::share, false, "payers", "who pays what share"},

    {"number", "base", K::scalar, U::any, true, "", "the number where no exception holds"},
    {"number", "vary", K::list, U::none, false, "", "exceptions: when, and value or scale"},
    {"number", "dated", K::list, U::none, false, "", "values from instants on: at, value"},
    {"number", "shape", K::word, U::none, false, "step|linear", "by steps, or along a line"},
    {"number", "every", K::scalar, U::duration, false, "", "the dated values are repeated after this"},

    {"distribution", "kind", K::word, U::none, true,
     "constant|exponential|uniform|triangular|gamma|erlang|weibull|lognormal|normal|discrete|generalised_pareto|"
     "poisson|"
     "empirical|hazard|mixture|quantiles",
     "its shape"},
    {"distribution", "value", K::number, U::any, false, "", "of constant"},
    {"distribution", "mean", K::number, U::any, false, "", "mean"},
    {"distribution", "sd", K::number, U::any, false, "", "standard deviation"},
    {"distribution", "median", K::number, U::any, false, "", "median"},
    {"distribution", "cv", K::number, U::ratio, false, "", "standard deviation over mean"},
    {"distribution", "low", K::number, U::any, false, "", "least value; threshold of generalised_pareto"},
    {"distribution", "mode", K::number, U::any, false, "", "likeliest value"},
    {"distribution", "high", K::number, U::any, false, "", "greatest value"},
    {"distribution", "scale", K::number, U::any, false, "", "of weibull, generalised_pareto"},
    {"distribution", "shape", K::number, U::ratio, false, "", "of weibull, generalised_pareto"},
    {"distribution", "mu", K::number, U::ratio, false, "", "mean of the logarithm (of days)"},
    {"distribution", "sigma", K::number, U::ratio, false, "", "standard deviation of the logarithm"},
    {"distribution", "stages", K::number, U::count, false, "", "of erlang"},
    {"distribution", "values", K::numbers, U::any, false, "", "of discrete, empirical, quantiles"},
    {"distribution", "shares", K::numbers, U::share, false, "", "of discrete"},
    {"distribution", "below", K::numbers, U::share, false, "", "of quantiles: share below each value"},
    {"distribution", "step", K::scalar, U::any, false, "", "of hazard: length of a step"},
    {"distribution", "chances", K::numbers, U::share, false, "", "of hazard: chance of ending in each step"},
    {"distribution", "parts", K::list, U::none, false, "", "of mixture: distributions, each with its share"},
    {"distribution", "round", K::word, U::none, false, "down|up|nearest|random", "to whole days"},
    {"distribution", "absolute", K::word, U::none, false, "no|yes", "negative values lose their sign"},
    {"distribution", "floor", K::scalar, U::any, false, "", "values below are raised to this"},
    {"distribution", "shift", K::scalar, U::any, false, "", "added to every value"},
    {"distribution", "truncate", K::numbers, U::any, false, "", "least and greatest value; others are not drawn"},
});

constexpr auto kCommon = std::to_array<FieldEntry>({
    {"*", "source", K::text, U::none, false, "", "where the numbers come from"},
    {"*", "kind", K::word, U::none, false, "sourced|recalled|assumption", "standing of the numbers"},
    {"*", "low", K::text, U::none, false, "", "least plausible value"},
    {"*", "high", K::text, U::none, false, "", "greatest plausible value"},
    {"*", "note", K::text, U::none, false, "", "remark"},
    {"*", "unit", K::text, U::none, false, "", "unit of the row's numbers"},
});

bool starts_with_group(std::string_view field, std::string_view group) {
  return field.size() > group.size() && field.substr(0, group.size()) == group && field[group.size()] == '.';
}

bool is_inner(std::string_view table) {
  return table == "number" || table == "distribution";
}

}  // namespace

std::span<const FieldEntry> schema() {
  return kFields;
}
std::span<const FieldEntry> common_fields() {
  return kCommon;
}

const FieldEntry* find_field(std::string_view table, std::string_view field) {
  for (const FieldEntry& entry : kFields)
    if (entry.table == table && entry.field == field) return &entry;
  if (is_inner(table)) return nullptr;
  for (const FieldEntry& entry : kCommon)
    if (entry.field == field) return &entry;
  return nullptr;
}

bool is_field_group(std::string_view table, std::string_view field) {
  return std::any_of(kFields.begin(), kFields.end(), [&](const FieldEntry& entry) {
    return entry.table == table && starts_with_group(entry.field, field);
  });
}

std::vector<std::string> names_within(std::string_view table, std::string_view group) {
  std::vector<std::string> names;
  for (const FieldEntry& entry : kFields) {
    if (entry.table != table || (!group.empty() && !starts_with_group(entry.field, group))) continue;
    const std::string_view rest = group.empty() ? entry.field : entry.field.substr(group.size() + 1);
    std::string name{rest.substr(0, rest.find('.'))};
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  if (group.empty() && !is_inner(table))
    for (const FieldEntry& entry : kCommon) names.emplace_back(entry.field);
  return names;
}

bool is_single_table(std::string_view table) {
  return table == "model" || table == "money" || table == "calendar";
}

std::vector<std::string> table_names() {
  std::vector<std::string> names;
  for (const FieldEntry& entry : kFields)
    if (!is_inner(entry.table) && (names.empty() || names.back() != entry.table)) names.emplace_back(entry.table);
  return names;
}

}  // namespace tl
