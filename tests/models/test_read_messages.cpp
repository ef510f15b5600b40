#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "models/model_messages.hpp"
#include "models/read_model.hpp"
#include "tests/catch.hpp"

// Every message of the stage "read" has a case here. A mark ^ stands before the place that the message must name.
namespace {

using namespace tl;

struct Case {
  std::string code, text, says;
  bool with_rest = true;  ///< the rest of a sound model follows
  std::string hint = "";
};

const std::string kRest = R"(
[settings.a]
capacity = 1
stay = "1 d"
[settings.free]
capacity = "unlimited"
stay = "until_moved"
[settings.club]
kind = "program"
capacity = 5
stay = "until_moved"
[[routes]]
from = "a"
to = "leave:done"
[arrivals.c]
rate = "1 / d"
to = "a"
[populations.p]
)";

struct Marked {
  std::string text;
  int line = 0, column = 0;
};

Marked without_mark(std::string text) {
  const std::size_t at = text.find('^');
  if (at == std::string::npos) return {std::move(text)};
  const auto line =
      static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1;
  const std::size_t begin = text.rfind('\n', at) == std::string::npos ? 0 : text.rfind('\n', at) + 1;
  text.erase(at, 1);
  return {std::move(text), line, static_cast<int>(at - begin) + 1};
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"table-unknown", "[^setings.b]\ncapacity = 1\n", "unknown table \"setings\"", true,
       "Did you mean \"settings\"?"},
      {"table-unknown", "[^domains.x]\nname = \"x\"\n", "unknown table \"domains\"", true, "fixed"},
      {"field-unknown", "[settings.b]\n^capcity = 1\ncapacity = 1\nstay = \"until_moved\"\n",
       "unknown field \"capcity\"", true, "Did you mean \"capacity\"?"},
      {"field-unknown", "[settings.b]\ncapacity = { base = 1, ^date = [] }\nstay = \"until_moved\"\n", "unknown field",
       true, "dated"},
      {"field-unknown", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nqueue = { ^limt = 1 }\n",
       "unknown field \"limt\"", true, "limit"},
      {"field-missing", "[settings.^b]\nstay = \"until_moved\"\n", "is missing", true, "capacity = 40"},
      {"field-missing", "[settings.^b]\ncapacity = 1\n", "is missing", true, "until_moved"},
      {"field-missing", "[settings.b]\ncapacity = ^{ dated = [] }\nstay = \"until_moved\"\n", "is missing"},
      {"field-missing", "^[[routes]]\nto = \"a\"\n", "is missing", true, "arrivals.ID"},
      {"field-missing", "[events.^e]\nto = \"a\"\n", "is missing", true, "0.4 / y"},
      {"field-missing", "^[[handoffs]]\nfrom = \"any\"\n", "no delay and no loss"},
      {"field-missing", "[metrics.^m]\nmeasure = \"wait\"\n", "is missing", true, "model"},
      {"field-kind", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nname = ^[\"x\"]\n", "is a list"},
      {"field-kind", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nqueue = ^3\n", "is no table"},
      {"field-kind",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"exponential\", mean = { base = \"1 d\", vary = ^3 } "
       "}\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n",
       "is no list"},
      {"field-conflict", "[[routes]]\nfrom = ^\"arrivals.c\"\nto = \"free\"\n", "of its own"},
      {"field-conflict",
       "[traits.t]\nvalues = [\"x\", \"y\"]\n[arrivals.d]\nrate = \"1 / d\"\nto = \"a\"\ntraits = \"t=x; ^t=y\"\n",
       "given twice"},
      {"field-conflict",
       "[[initial]]\nplace = \"free\"\ncount = 1\nstay = ^{ elapsed = \"1 d\", remaining = \"1 d\" }\n",
       "more than one"},
      {"field-conflict",
       "[[dated]]\nfield = \"settings.a.capacity\"\nat = \"1 d\"\nvalue = 2\nshape = \"step\"\n[[dated]]\nfield = "
       "\"settings.a.capacity\"\n"
       "at = \"2 d\"\nvalue = 2\nshape = ^\"linear\"\n",
       "step and linear"},
      {"field-useless", "[arrivals.d]\ngap = \"1 d\"\nto = \"a\"\ngrowth = ^0.1\n", "has no effect"},
      {"field-useless",
       "[settings.b]\nkind = \"program\"\ncapacity = 1\nstay = \"until_moved\"\nqueue = { on_refuse = ^\"a\" }\n",
       "for a program"},
      {"field-useless", "[settings.b]\ncapacity = \"unlimited\"\nstay = \"until_moved\"\nqueue = { ^limit = 1 }\n",
       "has no effect"},
      {"field-useless", "[events.e]\nrate = \"1 / y\"\n[[routes]]\nfrom = \"events.e\"\nto = \"a\"\ndelay = ^\"1 d\"\n",
       "no unit"},
      {"staff-ratio",
       "[staff.n]\nrole = \"nurse\"\nfte = 2\n[[staffing]]\nsetting = \"a\"\nstaff = \"n\"\n"
       "clients_per_fte = 3\nposts = ^1\n",
       "has clients_per_fte and posts"},
      {"staff-ratio", "[staff.n]\nrole = \"nurse\"\nfte = 2\n^[[staffing]]\nsetting = \"a\"\nstaff = \"n\"\n",
       "does not say how many clients"},
      {"staff-ratio",
       "[staff.n]\nrole = \"nurse\"\nfte = 2\n[[staffing]]\nsetting = \"a\"\nstaff = \"n\"\n"
       "posts = ^2\n",
       "has posts and no clients_per_post", true, "Write clients_per_post = 10."},
      {"staff-ratio",
       "[staff.n]\nrole = \"nurse\"\nfte = 2\n[[staffing]]\nsetting = \"a\"\nstaff = \"n\"\n"
       "clients_per_fte = 2\nhours = ^\"daily 08:00-20:00\"\n",
       "has hours and clients_per_fte"},
      {"staff-ratio",
       "[staff.n]\nrole = \"nurse\"\nfte = 2\n[[staffing]]\nsetting = ^\"outside\"\nstaff = \"n\"\n"
       "clients_per_fte = 2\n",
       "is \"outside\""},
      {"staff-team", "[staff.n]\nrole = \"nurse\"\nfte = 10\nteam = ^{ of = 10, opens_at = 12, closes_under = 6 }\n",
       ""},
      {"staff-night",
       "[staff.n]\nrole = \"nurse\"\nfte = 2\n^[[staffing]]\nsetting = \"a\"\nstaff = \"n\"\n"
       "posts = 1\nclients_per_post = 2\nhours = \"daily 08:00-20:00\"\n",
       "asks for nobody at the other hours"},
      {"budget-counts",
       "[metrics.q]\nmeasure = \"queue_mean\"\nscope = \"setting\"\nsubject = \"a\"\ngood = \"lower\"\ntarget = 3\n"
       "[incentives.m]\nmetric = \"q\"\namount = 5\n[budgets.b]\namount = 5\ncounts = { costs = [^\"m\"] }\n",
       ""},
      {"budget-stops", "[budgets.b]\namount = 5\nstops_admissions = [^\"outside\"]\n", "names \"outside\""},
      {"budget-year", "[budgets.b]\namount = 5\nstarts = ^\"July\"\n", "there is no day \"July\""},
      {"staff-away", "[staff.n]\nrole = \"nurse\"\nfte = 2\nleave = \"60%\"\ntraining = ^\"50%\"\n",
       "is away all the time: leave and training are 110%"},
      {"staff-share",
       "[staff.n]\nrole = \"nurse\"\nfte = 2\n[[staffing]]\nsetting = \"a\"\nstaff = \"n\"\n"
       "clients_per_fte = 2\n^[[staffing]]\nsetting = \"free\"\nstaff = \"n\"\nclients_per_fte = 2\n",
       "in proportion to need, and has no capacity of its own"},
      {"split-sum", "[payers.x]\n[payers.y]\n[costs.c]\nper = \"year\"\namount = 10\nsplit = ^{ x = 0.6, y = 0.3 }\n",
       "adds up to 0.9 (x 0.6, y 0.3)", true, "Change a share by 0.1"},
      {"split-sum", "[payers.x]\n[payers.y]\n[costs.c]\nper = \"year\"\namount = 10\nsplit = ^\"x = 80%; y = 30%\"\n",
       "adds up to 1.1", true, "Change a share by -0.1"},
      {"split-syntax", "[payers.x]\n[costs.c]\nper = \"year\"\namount = 10\nsplit = \"^x\"\n", "cannot read \"x\"",
       true, "x = 100%"},
      {"name-unknown", "[payers.medi_cal]\n[costs.c]\nper = \"year\"\namount = 10\npayer = ^\"medical\"\n",
       "unknown payer \"medical\"", true, "medi_cal"},
      {"field-missing", "[costs.^c]\nper = \"client day\"\namount = 10\n", "is missing"},
      {"field-missing", "[costs.^c]\nper = \"staff hour\"\namount = 10\n", "is missing"},
      {"field-useless",
       "[payers.x]\n[staff.n]\nrole = \"nurse\"\nfte = 2\npayer = ^\"x\"\n[[staffing]]\nsetting = \"a\"\nstaff = "
       "\"n\"\n"
       "clients_per_fte = 3\n",
       "has no effect"},
      {"field-missing", "[costs.^c]\nper = \"year\"\n", "is missing", true, "amount = 1450"},
      {"field-missing", "[costs.^c]\nper = \"once\"\namount = 10\n", "is missing", true, "on ="},
      {"field-kind", "[costs.c]\nsetting = \"free\"\nper = ^\"capacity day\"\namount = 10\n", "unlimited setting"},
      {"field-conflict", "[payers.x]\n[costs.c]\nper = \"year\"\namount = 1\npayer = ^\"x\"\nsplit = { x = 1 }\n",
       "beside split"},
      {"field-conflict", "[outcomes.o]\n[incentives.^i]\namount = 1\n", "neither outcome nor metric"},
      {"field-conflict",
       "[metrics.m]\nmeasure = \"queue_mean\"\nscope = \"model\"\ntarget = 3\n[incentives.i]\nmetric = \"m\"\n"
       "amount = ^{ base = 1, dated = [ { at = \"9 d\", value = 2 } ] }\n",
       "changes by date"},
      {"field-useless", "[costs.c]\nper = \"year\"\namount = 1\non = ^\"3 d\"\n", "has no effect"},
      {"field-useless", "[metrics.m]\nmeasure = \"cost\"\nscope = \"model\"\naverted = ^\"yes\"\n", "without `per`"},
      {"id-taken",
       "[outcomes.o]\n[costs.c]\nper = \"year\"\namount = 1\n[incentives.^c]\noutcome = \"o\"\namount = 1\n",
       "is a cost already"},
      {"date-outside", "[costs.c]\nper = \"once\"\namount = 1\non = ^\"9000 d\"\n", "costs nothing"},
      {"number-range", "[costs.c]\nper = \"year\"\namount = ^-5\n", ""},
      {"period-coarse",
       "[model]\nevery = \"year\"\n[metrics.m]\nmeasure = \"queue_mean\"\nscope = \"model\"\ntarget = 3\n"
       "[incentives.i]\nmetric = \"m\"\nevery = ^\"month\"\namount = 1\n",
       "results are kept by year", true, "[model]"},
      {"field-missing",
       "[metrics.m]\nmeasure = \"queue_mean\"\nscope = \"model\"\n[incentives.^i]\nmetric = \"m\"\namount = 1\n",
       "is missing"},
      {"not-yet", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\n^initial_at = 1\n",
       "\"initial_at\" is not in this version"},
      {"condition-subject", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"^mismatch = above\"\n",
       "no client has a need", true, "traits.need"},
      {"condition-subject", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"^since_request >= 30 d\"\n",
       "since which request", true, "SETTING"},
      {"name-unknown", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"since_request.^fre >= 30 d\"\n",
       "unknown setting \"fre\"", true, "free"},
      {"setting-kind", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"since_enrolment.^free < 30 d\"\n",
       "\"free\" is a place"},
      {"name-unknown", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"holds = ^intake\"\n",
       "unknown assessment \"intake\""},
      {"by-twice", "[model]\nby = [\"smi\", ^\"smi\"]\n[traits.smi]\nvalues = [\"no\", \"yes\"]\n", "twice"},
      {"name-unknown", "[model]\nby = [^\"smy\"]\n[traits.smi]\nvalues = [\"no\", \"yes\"]\n", "unknown trait \"smy\"",
       true, "smi"},
      {"name-unknown",
       "[metrics.m]\nmeasure = \"wait_mean\"\nscope = \"model\"\nby = \"^race\"\n[traits.smi]\nvalues = "
       "[\"no\", \"yes\"]\n",
       "unknown trait \"race\""},
      {"not-yet",
       "[[mix]]\npopulation = \"p\"\ntrait = \"smi\"\nvalue = \"yes\"\nshare = 0.5\n^by = [\"smi\"]\n[traits.smi]\n"
       "values = [\"no\", \"yes\"]\n",
       "\"by\" is not in this version"},
      {"need-levels", "[traits.need]\nvalues = ^[\"low\", \"high\"]\n", "do not rise"},
      {"need-levels", "[traits.need]\nvalues = ^[\"3\", \"7\"]\n", "are no levels"},
      {"id-taken",
       "[events.e]\nrate = \"1 / y\"\nto = \"a\"\n[timers.^e]\nfrom = \"arrival\"\nafter = \"1 d\"\nto = "
       "\"a\"\n",
       "is an event already"},
      {"name-unknown", "[timers.t]\nfrom = ^\"arival\"\nafter = \"1 d\"\nto = \"a\"\n", "unknown start \"arival\"",
       true, "arrival"},
      {"census-date", "[[census]]\nplace = \"a\"\nsince = ^\"2020-01-02\"\n", "after the start of results", true,
       "arrivals"},
      {"census-date", "[[census]]\nplace = \"a\"\nsince = ^\"1900-01-02\"\n[model]\nstart = \"2190-01-01\"\n",
       "too long ago"},
      {"field-missing", "^[[census]]\nsince = \"3 d\"\n", "is missing", true, "outside"},
      {"field-useless", "[[census]]\nplace = \"a\"\nwaiting_since = ^\"3 d\"\n", "has no effect"},
      {"destination-self", "[[census]]\nplace = \"a\"\nwaiting_for = ^\"a\"\n", "already is"},
      {"setting-kind", "[[census]]\nplace = \"a\"\nenrolled = [\"club\", ^\"free\"]\n", "is a place"},
      {"name-unknown", "[[census]]\nplace = \"a\"\nwaiting_for = ^\"fre\"\n", "fre", true, "free"},
      {"initial-and-warmup", "[model]\nwarmup = \"3 d\"\n[[^census]]\nplace = \"a\"\n", "warms up", true, "warmup"},
      {"word-unknown", "[model]\ndeadlock = ^\"swop\"\n", "unknown word", true, "swap"},
      {"word-unknown", "[model]\ncohort = ^\"all\"\n", "unknown word"},
      {"field-missing", "[timers.^t]\nafter = \"1 d\"\nto = \"a\"\n", "is missing", true, "arrival"},
      {"field-missing", "[timers.^t]\nfrom = \"a\"\nto = \"a\"\n", "is missing", true, "90 d"},
      {"routes-missing", "[timers.^t]\nfrom = \"a\"\nafter = \"1 d\"\n", "does nothing"},
      {"field-missing", "[milestones.^m]\nstandard = \"30 d\"\n", "is missing", true, "clinic"},
      {"word-unknown", "[milestones.m]\nreach = [\"a\", \"free\"]\nhow = ^\"al\"\n", "unknown word \"al\"", true,
       "all"},
      {"field-conflict", "[milestones.m]\nreach = [\"a\", ^\"a\"]\n", "stands twice"},
      {"id-bad", "[settings.^\"B C\"]\ncapacity = 1\nstay = \"until_moved\"\n", "\"B C\" cannot be an id", true,
       "Try \"b_c\""},
      {"id-bad", "[traits.t]\nvalues = [\"a\", ^\"x|y\"]\n", "cannot be an id", true, "Try \"x_y\""},
      {"id-reserved", "[settings.^outside]\ncapacity = 1\nstay = \"until_moved\"\n", "word of the language"},
      {"id-reserved", "[traits.^place]\nvalues = [\"a\"]\n", "word of the language"},
      {"id-taken", "[requests.^club]\ngoal = \"a\"\n", "is a setting already", true, "club_request"},
      {"text-bad", "[settings.b]\nname = ^\"" + std::string(201, 'x') + "\"\ncapacity = 1\nstay = \"until_moved\"\n",
       "201 bytes"},
      {"name-unknown", "[[routes]]\nfrom = \"a\"\nto = ^\"fre\"\nshare = 0.5\n", "unknown setting \"fre\"", true,
       "Did you mean \"free\"?"},
      {"name-unknown", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\ndomain = ^\"custdy\"\n", "unknown domain",
       true, "custody"},
      {"name-unknown", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\ndepartment = ^\"dmh\"\n",
       "unknown department"},
      {"name-unknown", "[arrivals.d]\nrate = \"1 / d\"\nto = \"a\"\npopulation = ^\"q\"\n", "unknown population"},
      {"name-unknown",
       "[traits.t]\nvalues = [\"low\", \"high\"]\n[arrivals.d]\nrate = \"1 / d\"\nto = \"a\"\ntraits = \"t=^hihg\"\n",
       "unknown value of t", true, "high"},
      {"name-unknown", "[events.e]\nrate = \"1 / y\"\ndo = \"count ^bed\"\n[outcomes.dead]\n", "unknown outcome", true,
       "dead"},
      {"word-unknown", "[settings.b]\nkind = ^\"plce\"\ncapacity = 1\nstay = \"until_moved\"\n", "unknown word", true,
       "place"},
      {"word-unknown", "[model]\nevery = ^\"moth\"\n", "unknown period", true, "month"},
      {"level-range", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"level = ^7\"\n", "no level \"7\""},
      {"level-range", "[metrics.m]\nmeasure = \"wait\"\nscope = \"level\"\nsubject = ^\"9\"\n", "no level \"9\""},
      {"list-length", "[arrivals.d]\nrate = \"1 / d\"\nto = \"a\"\nweekdays = ^[1, 1]\n", "has 2 factors"},
      {"list-zero", "[arrivals.d]\nrate = \"1 / d\"\nto = \"a\"\nweekdays = ^[0, 0, 0, 0, 0, 0, 0]\n",
       "all factors are 0"},
      {"date-bad", "[model]\nstart = ^\"2021-02-30\"\n", "no date \"2021-02-30\""},
      {"date-bad", "[model]\nstart = ^\"soon\"\n", "is no date"},
      {"date-outside", "[model]\nhorizon = \"1 y\"\nobserve = ^[\"2 y\"]\n", "outside the results"},
      {"date-outside",
       "[model]\nhorizon = \"1 y\"\n[[dated]]\nfield = \"settings.a.capacity\"\nat = ^\"2 y\"\nvalue = 2\n",
       "beyond the horizon"},
      {"dated-twice",
       "[settings.b]\ncapacity = { base = 1, dated = [ { at = \"1 d\", value = 1 }, { at = ^\"24 h\", value = 2 } ] "
       "}\nstay = \"until_moved\"\n",
       "two values"},
      {"dated-every",
       "[settings.b]\ncapacity = ^{ base = 1, every = \"7 d\", dated = [ { at = \"8 d\", value = 1 } ] }\nstay = "
       "\"until_moved\"\n",
       "outside that round"},
      {"vary-here",
       "[settings.b]\ncapacity = { base = 1, vary = ^[ { when = \"level = 1\", value = 1 } ] }\nstay = "
       "\"until_moved\"\n",
       "cannot vary"},
      {"shape-here",
       "[settings.b]\ncapacity = 1\nstay = { base = \"1 d\", shape = ^\"linear\" }\n[[routes]]\nfrom = \"b\"\nto = "
       "\"a\"\n",
       "along a line"},
      {"vary-value",
       "[settings.b]\ncapacity = 1\nstay = { base = \"1 d\", vary = [ ^{ when = \"level = 1\" } ] }\n[[routes]]\nfrom "
       "= \"b\"\nto = \"a\"\n",
       "neither value nor scale"},
      {"address-unknown", "[[dated]]\nfield = ^\"settings.a.capcity\"\nat = \"1 d\"\nvalue = 2\n",
       "no number is called", true, "settings.a.capacity"},
      {"distribution-kind",
       "[settings.b]\ncapacity = 1\nstay = { kind = ^\"exponental\", mean = \"1 d\" }\n[[routes]]\nfrom = \"b\"\nto = "
       "\"a\"\n",
       "unknown kind", true, "exponential"},
      {"distribution-kind",
       "[settings.b]\ncapacity = 1\nstay = ^{ mean = \"1 d\" }\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n", "has no kind"},
      {"distribution-fields",
       "[settings.b]\ncapacity = 1\nstay = ^{ kind = \"gamma\", mean = \"1 d\" }\n[[routes]]\nfrom = \"b\"\nto = "
       "\"a\"\n",
       "lacks cv"},
      {"distribution-fields",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"exponential\", mean = \"1 d\", ^sd = \"1 d\" }\n[[routes]]\nfrom "
       "= \"b\"\nto = \"a\"\n",
       "does not belong"},
      {"distribution-order",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"uniform\", low = \"3 d\", high = ^\"1 d\" }\n[[routes]]\nfrom = "
       "\"b\"\nto = \"a\"\n",
       "below low"},
      {"distribution-shares",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"hazard\", step = \"1 d\", chances = ^[0.5, 0] }\n[[routes]]\n"
       "from = \"b\"\nto = \"a\"\n",
       "end with a chance of 0", true, "end with 1"},
      {"list-length",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"hazard\", step = ^\"1 min\", chances = 0.0001 }\n[[routes]]\n"
       "from = \"b\"\nto = \"a\"\n",
       "so short"},
      {"distribution-shares",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"mixture\", parts = ^[ { share = 0.5, kind = \"constant\", value "
       "= "
       "\"1 d\" } ] }\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n",
       "sum to 0.5"},
      {"distribution-fields",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"mixture\", parts = [ ^{ kind = \"constant\", value = \"1 d\" } ] "
       "}\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n",
       "lacks share"},
      {"distribution-order",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"quantiles\", values = ^[\"9 d\", \"4 d\"], below = [0.5, 0.9] "
       "}\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n",
       "do not rise"},
      {"distribution-order",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"quantiles\", values = [\"1 d\", \"4 d\", \"9 d\"], below = "
       "^[0.2, "
       "0.5, 0.9] }\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n",
       "end with 0.9", true, "greatest value"},
      {"field-useless",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"exponential\", mean = \"1 d\", absolute = ^\"yes\" "
       "}\n[[routes]]\n"
       "from = \"b\"\nto = \"a\"\n",
       "has no effect"},
      {"calendar-syntax", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nadmits = \"^weekdays 08:00-17:00\"\n",
       "unknown day \"weekdays\""},
      {"calendar-syntax", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nadmits = \"mon-^fry 08:00-17:00\"\n",
       "unknown day \"fry\"", true, "fri"},
      {"calendar-syntax", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nadmits = \"daily 08:00-^25:00\"\n",
       "no time of day: \"25:00\""},
      {"calendar-syntax", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nadmits = \"daily ^08:00-08:00\"\n",
       "opens and closes"},
      {"calendar-syntax", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\ncapacity_hours = \"^sat-sun\"\n",
       "cannot read", true, "sat,sun = 50%"},
      {"calendar-instant",
       "[settings.b]\ncapacity = 1\nstay = \"1 d\"\nserves = ^\"daily 00:00\"\n[[routes]]\n"
       "from = \"b\"\nto = \"a\"\n",
       "names an instant"},
      {"field-missing", "[calendars.^office]\nx_a = \"x\"\n", "is missing", true, "mon-fri"},
      {"id-reserved", "[calendars.^daily]\nwindows = \"mon\"\n", "word of the language"},
      {"field-useless", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nserves = ^\"mon-fri\"\n", "has no effect"},
      {"field-useless", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nadmits = ^\"daily\"\n", "has no effect"},
      {"field-useless",
       "[settings.b]\ncapacity = \"unlimited\"\nstay = \"until_moved\"\ncapacity_hours = ^\"sat = 50%\"\n",
       "has no effect"},
      {"distribution-shares",
       "[settings.b]\ncapacity = 1\nstay = { kind = \"discrete\", values = [\"1 d\", \"2 d\"], shares = ^[0.5, 0.6] "
       "}\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n",
       "sum to 1.1"},
      {"condition-syntax", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"level = 1 & ^smi\"\n",
       "cannot read \"smi\""},
      {"condition-subject",
       "[traits.smi]\nvalues = [\"no\", \"yes\"]\n[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"^sni = yes\"\n",
       "unknown trait", true, "smi"},
      {"condition-operator", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"level ^> 3\"\n", "not possible", true,
       "4 | 5 | 6"},
      {"action-syntax", "[events.e]\nrate = \"1 / y\"\ndo = [^\"count\"]\n", "cannot read \"count\"", true, ""},
      {"action-verb", "[events.e]\nrate = \"1 / y\"\ndo = \"^requst a\"\n", "unknown action", true, "request"},
      {"setting-kind", "[events.e]\nrate = \"1 / y\"\ndo = \"enrol ^a\"\n", "is a place", true, "request a"},
      {"setting-kind", "[events.e]\nrate = \"1 / y\"\nto = \"a\"\nwhen = \"enrolled = ^free\"\n", "is a place"},
      {"place-limited", "[arrivals.d]\nrate = \"1 / d\"\nto = \"a\"\nwait = ^\"a\"\n", "has a capacity"},
      {"next-syntax", "[events.e]\nrate = \"1 / y\"\nnext = [^\"25% a b\"]\n", "cannot read \"25% a b\"", true,
       "25% ward"},
      {"next-syntax", "[events.e]\nrate = \"1 / y\"\nnext = [^\"25%\"]\n", "cannot read \"25%\""},
      {"destination-bad", "[[routes]]\nfrom = \"a\"\nshare = 0\nto = ^\"club\"\n", "not possible here", true,
       "request club"},
      {"destination-bad", "[arrivals.d]\nrate = \"1 / d\"\nto = ^\"club\"\n", "not possible here", true, "outside"},
      {"destination-bad", "[arrivals.d]\nrate = \"1 / d\"\nto = ^\"stay\"\n", "not possible here"},
      {"destination-bad", "[[routes]]\nfrom = \"a\"\nshare = 0\nto = ^\"leave\"\n", "not possible here", true,
       "leave:done"},
      {"destination-self", "[[routes]]\nfrom = \"a\"\nshare = 0\nto = ^\"a\"\n", "where it comes from", true, "stay"},
      {"wait-here", "[arrivals.d]\nrate = \"1 / d\"\nto = \"a\"\nwait = ^\"in_place\"\n", "cannot wait"},
      {"routes-missing", "[settings.b]\ncapacity = 1\nstay = ^\"1 d\"\n", "no route", true, "leave:done"},
      {"routes-missing", "[arrivals.^d]\nrate = \"1 / d\"\n", "leads nowhere"},
      {"routes-useless", "[settings.b]\ncapacity = 1\nstay = ^\"until_moved\"\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n",
       "never ends"},
      {"shares-sum",
       "[settings.b]\ncapacity = 1\nstay = \"1 d\"\n^[[routes]]\nfrom = \"b\"\nto = \"a\"\nshare = 0.75\n",
       "sum to 0.75", true, "otherwise"},
      {"shares-sum",
       "[settings.b]\ncapacity = 1\nstay = \"1 d\"\n^[[routes]]\nfrom = \"b\"\nto = \"a\"\nshare = "
       "0.75\n[[routes]]\nfrom = \"b\"\nto = \"free\"\nshare = 0.5\n",
       "sum to 1.25"},
      {"remainder-twice",
       "[settings.b]\ncapacity = 1\nstay = \"1 d\"\n[[routes]]\nfrom = \"b\"\nto = \"a\"\n^[[routes]]\nfrom = "
       "\"b\"\nto = \"free\"\n",
       "two routes"},
      {"queue-rules", "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nqueue = { discipline = ^\"priority\" }\n",
       "no rules"},
      {"queue-rules",
       "[settings.b]\ncapacity = 1\nstay = \"until_moved\"\nqueue = { discipline = \"fifo\", priority = ^[\"level = "
       "1\"] }\n",
       "fifo"},
      {"while-in-syntax",
       "[settings.b]\nkind = \"program\"\ncapacity = 1\nstay = \"until_moved\"\nwhile_in = \"^pause\"\n",
       "cannot read \"pause\"", true, "pause when domain = custody"},
      {"assessment-unserved",
       "[departments.x]\n[assessments.intake]\ngiven_by = \"club\"\n[settings.^b]\ncapacity = 1\nstay = "
       "\"until_moved\"\nrequires = \"intake\"\naccepts = \"x\"\n",
       "no department it accepts gives", true, "Add the department to accepts"},
      {"assessment-circle",
       "[assessments.intake]\ngiven_by = \"b\"\n[settings.^b]\nkind = \"program\"\ncapacity = 1\nstay = "
       "\"until_moved\"\nrequires = \"intake\"\n",
       "gives itself"},
      {"arrival-process", "[arrivals.^d]\nto = \"a\"\n", "no rate, gap or dates"},
      {"trait-list", "[traits.t]\nvalues = [\"a\", ^\"a\"]\n", "stands twice"},
      {"trait-list", "[traits.t]\nvalues = ^[]\n", "has no values"},
      {"mix-overlap",
       "[traits.t]\nvalues = [\"x\", \"y\"]\n[traits.u]\nvalues = [\"x\", \"y\"]\n[[mix]]\npopulation = \"p\"\ntrait = "
       "\"t\"\nvalue = \"x\"\nshare = 0.5\n"
       "[[mix]]\npopulation = \"p\"\ntrait = ^\"t+u\"\nvalue = \"x+x\"\nshare = 0.5\n",
       "is drawn with"},
      {"mix-shares",
       "[traits.t]\nvalues = [\"x\", \"y\"]\n^[[mix]]\npopulation = \"p\"\ntrait = \"t\"\nvalue = \"x\"\nshare = "
       "0.5\n[[mix]]\npopulation = \"p\"\ntrait = \"t\"\nvalue = \"y\"\nshare = 0.25\n",
       "sum to 0.75"},
      {"mix-cycle",
       "[traits.t]\nvalues = [\"x\", \"y\"]\n[traits.u]\nvalues = [\"x\", \"y\"]\n^[[mix]]\npopulation = \"p\"\ntrait "
       "= \"t\"\nvalue = \"x\"\nshare = 0.5\nwhen = \"u = x\"\n"
       "[[mix]]\npopulation = \"p\"\ntrait = \"u\"\nvalue = \"x\"\nshare = 0.5\nwhen = \"t = x\"\n",
       "t -> u"},
      {"initial-and-warmup", "[model]\nwarmup = \"1 d\"\n[[^initial]]\nplace = \"free\"\ncount = 1\n", "warms up"},
      {"horizon-long", "[model]\nwarmup = \"150 y\"\nhorizon = ^\"100 y\"\n", "250 y"},
      {"model-empty", "[arrivals.d]\nrate = \"1 / d\"\nto = \"outside\"\n", "no settings", false},
      {"source-missing",
       "[settings.^b]\ncapacity = 1\nstay = \"until_moved\"\n[settings.c]\ncapacity = 1\nstay = "
       "\"until_moved\"\nsource = \"report\"\n",
       "have no source"},
  };
  return all;
}

std::vector<Problem> problems_of(const std::string& text, const ReadOptions& options = {}) {
  Problems problems;
  read_model_text(text, "case.toml", options, problems);
  return problems.sorted();
}

std::string told(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += std::string{problem.code.text()} + ' ' + to_text(problem) + '\n';
  return text;
}

}  // namespace

TEST_CASE("the rest of the cases is a sound model") {
  CHECK(told(problems_of(kRest)).empty());
}

TEST_CASE("every message stands at its place, alone, and says what is meant") {
  for (const Case& one : cases()) {
    const Marked marked = without_mark(one.text);
    const std::vector<Problem> found = problems_of(marked.text + (one.with_rest ? kRest : ""));
    INFO(one.code << ":\n" << marked.text << "\ntold:\n" << told(found));
    const auto is_meant = [&](const Problem& problem) {
      return problem.code.text() == one.code && problem.at.line == marked.line && problem.at.column == marked.column;
    };
    if (!one.with_rest) {
      CHECK(std::any_of(found.begin(), found.end(), [&](const Problem& p) { return p.code.text() == one.code; }));
      continue;
    }
    CHECK(found.size() == 1);
    if (found.empty()) continue;
    CHECK(is_meant(found[0]));
    CHECK(found[0].what.find(one.says) != std::string::npos);
    CHECK(found[0].hint.find(one.hint) != std::string::npos);
    CHECK_FALSE(found[0].field.empty());
  }
}

TEST_CASE("traits that do not fit into 64 bits, and models over the limits, are refused") {
  std::string text;
  for (int i = 0; i < 65; ++i) text += "[traits.t" + std::to_string(i) + "]\nvalues = [\"no\", \"yes\"]\n";
  const auto wide = problems_of(text + kRest);
  REQUIRE(wide.size() == 1);
  CHECK(wide[0].code.text() == "traits-wide");
  CHECK(wide[0].what.find("65 bits") != std::string::npos);
  CHECK(problems_of(text.substr(0, text.find("[traits.t64]")) + kRest).empty());

  ReadOptions options;
  options.limits.settings = 3;
  options.limits.routes = 1;
  CHECK(problems_of(kRest, options).empty());
  options.limits.settings = 2;
  options.limits.routes = 0;
  const auto large = problems_of(kRest, options);
  REQUIRE(large.size() == 2);
  CHECK(large[0].code.text() == "model-large");
  CHECK(large[1].code.text() == "model-large");
}

TEST_CASE("limits of lengths, counts and lists: one under, at, and one over") {
  const auto code_of = [](const std::string& text, const ReadOptions& options = {}) -> std::string {
    const std::vector<Problem> found = problems_of(text + kRest, options);
    return found.empty() ? "" : std::string{found[0].code.text()};
  };
  const auto horizon = [&](const char* days, const char* warmup) {
    return code_of("[model]\nhorizon = \"" + std::string{days} + "\"\nwarmup = \"" + warmup + "\"\n");
  };
  CHECK(horizon("73049 d", "0 d") == "");  // 200 years of 365.25 days are 73,050 days
  CHECK(horizon("73050 d", "0 d") == "");
  CHECK(horizon("73051 d", "0 d") == "number-range");
  CHECK(horizon("73048 d", "1 d") == "");
  CHECK(horizon("73049 d", "1 d") == "");
  CHECK(horizon("73050 d", "1 d") == "horizon-long");

  ReadOptions options;
  options.limits.runs = 30;
  options.limits.clients_alive = 40;
  options.limits.condition_alternatives = 5;
  for (const int over : {-1, 0, 1}) {
    INFO(over);
    CHECK(code_of("[model]\nreplications = " + std::to_string(30 + over) + '\n', options) ==
          (over > 0 ? "number-range" : ""));
    CHECK(code_of("[[initial]]\nplace = \"free\"\ncount = " + std::to_string(40 + over) + '\n', options) ==
          (over > 0 ? "number-range" : ""));
    std::string exceptions;
    for (int i = 0; i < 5 + over; ++i) exceptions += "{ when = \"level = " + std::to_string(i) + "\", scale = 2 },";
    CHECK(code_of("[events.e]\nrate = { base = \"1 / y\", vary = [" + exceptions + "] }\nto = \"leave:done\"\n",
                  options) == (over > 0 ? "list-length" : ""));
  }
}

TEST_CASE("a name may have as many bytes as the limit says") {
  const auto with_name = [](std::size_t bytes) {
    return problems_of("[settings.b]\nname = \"" + std::string(bytes, 'x') +
                       "\"\ncapacity = 1\nstay = \"until_moved\"\n" + kRest);
  };
  CHECK(with_name(199).empty());
  CHECK(with_name(200).empty());
  CHECK(with_name(201).size() == 1);
}

TEST_CASE("a second row of an id is told once") {
  for (const std::string table :
       {"settings", "traits", "arrivals", "events", "metrics", "populations", "departments"}) {
    const std::string row = "[[" + table + "]]\nid = \"z\"\n";
    int told_twice = 0;
    for (const Problem& problem : problems_of(row + row))
      told_twice += problem.at.line == 4 && problem.what.find("twice") != std::string::npos ? 1 : 0;
    INFO(table);
    CHECK(told_twice == 1);
  }
}

TEST_CASE("groups are counted over all traits named, the metrics' too") {
  const std::string text =
      "[model]\nby = [\"smi\"]\n[traits.smi]\nvalues = [\"no\", \"yes\"]\n[traits.age]\nvalues = [\"young\", "
      "\"old\"]\n[metrics.m]\nmeasure = \"wait_mean\"\nscope = \"model\"\nby = [\"age\", \"smi\"]\n";
  ReadOptions options;
  options.limits.groups = 4;
  Problems few, many;
  const auto model = read_model_text(text + kRest, "by.toml", options, few);
  REQUIRE(model);
  CHECK(model->kept_by.size() == 2);
  CHECK(model->by == std::vector<std::string>{"smi"});
  CHECK(model->metrics.front().by == "age|smi");
  options.limits.groups = 3;
  read_model_text(text + kRest, "by.toml", options, many);
  REQUIRE(many.sorted().size() == 1);
  CHECK(many.sorted().front().code.text() == "by-many");
  CHECK(many.sorted().front().what.find("4 groups") != std::string::npos);
}

TEST_CASE("every code of the stage has a case") {
  // Those named here: the cases above, test_read_changes.cpp test_levers.cpp, test_policies.cpp and
  // test_population.cpp.
  std::set<std::string> tested{
      "by-many",        "traits-wide",    "model-large",      "change-address",
      "change-range",   "change-share",   "change-unlimited", "lever-unknown",
      "lever-empty",    "lever-address",  "lever-strength",   "lever-ramp",
      "lever-from",     "lever-part",     "lever-undated",    "lever-date",
      "lever-useless",  "lever-fight",    "scale-hides",      "incentive-metric" /* tests/apps/test_check.cpp */,
      "policy-trigger", "policy-measure", "policy-season",    "policy-changes",
      "policy-fixed",   "policy-useless", "business-whole"};
  for (const Case& one : cases()) tested.insert(one.code);
  for (const MessageKind& kind : kModelMessages) {
    INFO(kind.code);
    CHECK(tested.contains(std::string{kind.code}));
  }
}
