#include "apps/cli/starter_model.hpp"

namespace tl {
namespace {

constexpr const char* kModel =
    R"(# A small model to start from: a street, an emergency, a step-down home behind it, and a team that helps people stay well.
# All numbers are made up. Change them one by one, and say where yours come from in the columns source and note.
#
#   model.toml       this file: what does not fit a table
#   settings.csv     one row a place or program: capacity, length of stay
#   arrivals.csv     who comes, and how many
#   events.csv       what happens to people while they are somewhere
#   routes.csv       where people go when a stay is over
#   parameters.csv   numbers with a name, for numbers that several places use or that you are not sure of
#
# After each change: throughline check FOLDER. It names every mistake with file, line and column.
# The whole language is in docs/language.md.
[model]
name = "A small county"
about = "People in crisis, and where they wait. Made-up numbers to start from."
start = "2026-01-01"     # the date on which results begin
horizon = "1 y"          # how long results are taken
warmup = "2 y"           # how long the model runs before, so that streets and beds have filled
every = "month"          # results are kept month by month
replications = 10        # how many times it is run: chance differs, so one run is not enough
seed = 1                 # where chance begins: the same seed gives the same numbers

# Who runs the settings. Your own words: the id in brackets is used in the tables, the name is shown.
[departments]
dhs = { name = "Health Services" }
dmh = { name = "Mental Health" }

# What tells people apart, as far as it changes where they go. Here: whether the team serves them.
[traits]
smi = { values = ["no", "yes"] }

[populations]
newcomers = { name = "People who become homeless" }

# Three in ten of them have a serious mental illness; the others take the remainder.
[[mix]]
population = "newcomers"
trait = "smi"
value = "yes"
share = 0.3
kind = "assumption"

# A move from one department to another takes time, and some are lost on the way.
[[handoffs]]
between = "across"
delay = "6 h"
lost = 0.05
lost_to = "street"
kind = "assumption"

# What the results lead with. All that can be measured: throughline list FOLDER --table measures
[metrics.kept_in_emergency]
measure = "boarding_mean"
scope = "setting"
subject = "pes"
good = "lower"
words = "people kept in psychiatric emergency because the step-down home is full"
)";

constexpr const char* kSettings =
    "id,name,kind,department,domain,level,capacity,stay.kind,stay.mean [d],stay,queue.limit,source_kind,source,note\n"
    "street,Street,place,none,outreach,0,unlimited,,,until_moved,,assumption,,People stay until something happens to "
    "them: see events.csv\n"
    "pes,Psychiatric emergency,place,dhs,crisis,5,12,exponential,0.8,,,assumption,,Whoever waits for a step-down bed "
    "keeps this one\n"
    "step_down,Step-down home,place,dmh,treatment,3,33,exponential,14,,,assumption,,\n"
    "team,Outreach team,program,dmh,outreach,0,80,exponential,120,,40,assumption,,\"A program: people are in it while "
    "they live somewhere. With 40 waiting, no more are taken\"\n";

constexpr const char* kArrivals =
    "id,population,rate [/ y],to,do,kind,source,note\n"
    "newcomers,newcomers,600,street,request team when smi = yes,assumption,,People who become homeless in a year\n";

constexpr const char* kEvents =
    "id,rate,when,to,wait,kind,source,note\n"
    "crisis,crises_a_year,place = street,pes,line,assumption,,\"A mental health crisis; if no bed is free, people wait "
    "in line\"\n"
    "finds_home,0.5 / y,place = street,leave:housed,,assumption,,People find a home by themselves\n";

constexpr const char* kRoutes =
    "from,to,share,wait,do,kind,source,note\n"
    "pes,step_down,0.3,in_place,,assumption,,\"in_place: they wait in their emergency bed, which is called boarding\"\n"
    "pes,street,otherwise,,,assumption,,otherwise: all others\n"
    "step_down,leave:housed,0.4,,,assumption,,leave:housed is out of the model; the word is yours\n"
    "step_down,street,otherwise,,,assumption,,\n"
    "team,end,otherwise,,,assumption,,The end of a program moves nobody\n";

constexpr const char* kParameters =
    "id,value,unit,low,high,kind,source,note\n"
    "crises_a_year,4,/ y,3,5,assumption,,Crises of a person on the street; fewer for those in the team: see vary.csv\n";

constexpr const char* kVary =
    "field,when,scale,source,kind,note\n"
    "events.crisis.rate,enrolled = team,0.7,,assumption,Those in the team have three crises in ten fewer\n";

}  // namespace

std::vector<StarterFile> starter_model() {
  return {{"model.toml", "what it is about, dates, departments, traits, what the results lead with", kModel},
          {"settings.csv", "places and programs, with capacity and length of stay", kSettings},
          {"arrivals.csv", "who comes, and how many", kArrivals},
          {"events.csv", "what happens to people while they are somewhere", kEvents},
          {"routes.csv", "where people go when a stay is over", kRoutes},
          {"parameters.csv", "numbers with a name, and how sure you are of them", kParameters},
          {"vary.csv", "for whom a number is different", kVary}};
}

}  // namespace tl
