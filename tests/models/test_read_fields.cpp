#include <set>
#include <string>
#include <vector>

#include "models/later.hpp"
#include "models/read_model.hpp"
#include "models/schema.hpp"
#include "models/table_reader.hpp"
#include "tests/catch.hpp"

// Every numeric field of the language with every kind of bad number, generated from the schema.
namespace {

using namespace tl;

/// A sound model in which every numeric field stands at least once.
const std::string kAllFields = R"(
[model]
horizon = "5 y"
warmup = "0 d"
replications = 3
seed = 7
population_scale = 1
[parameters.p]
value = "3 d"
[populations.people]
[traits.t]
values = ["x", "y"]
[[mix]]
population = "people"
trait = "t"
value = "x"
share = 0.4
[settings.free]
capacity = "unlimited"
stay = "until_moved"
[settings.a]
level = 3
capacity = { base = 10, every = "7 d", dated = [ { at = "1 d", value = 11 } ] }
stay = { kind = "constant", value = "3 d", floor = "1 d", shift = "1 h", truncate = ["1 d", "30 d"] }
queue = { limit = 4, limit_in_place = 5, patience = "30 d", standard = "3 d", least_wait = "1 h" }
takes = 2
hold = "30 d"
turnaround = "1 d"
returns = "30 d"
[settings.b]
capacity = 10
stay = { kind = "lognormal", mean = "3 d", sd = "4 d" }
turnaround = { kind = "lognormal", mean = "3 d", median = "2 d" }
queue = { patience = { kind = "lognormal", mu = 1.5, sigma = 0.5 } }
[settings.c]
capacity = 10
stay = { kind = "triangular", low = "1 d", mode = "2 d", high = "3 d" }
turnaround = { kind = "gamma", mean = "3 d", cv = 0.5 }
queue = { patience = { kind = "weibull", scale = "3 d", shape = 1.5 } }
[pools.units]
capacity = 20
[staff.n]
role = "nurse"
fte = 12
hours_per_week = 40
leave = 0.12
training = 0.03
salary = 118000
benefits = 0.35
turnover = "0.2 / y"
time_to_hire = "95 d"
hires_at_once = 2
vacant_at_start = 0.1
overtime = { up_to = 0.1, pay = 1.5 }
agency = { up_to = 3, after = "30 d", pay = 95 }
team = { of = 6, opens_at = 4, closes_under = 3 }
[[staffing]]
setting = "b"
staff = "n"
posts = 2
clients_per_post = 10
standard_clients_per_post = 8
[[staffing]]
setting = "c"
staff = "n"
clients_per_fte = 6
standard_clients_per_fte = 4
[settings.club]
kind = "program"
capacity = 10
stay = "3 d"
next = "end"
[assessments.papers]
given_by = "club"
valid = "90 d"
[settings.d]
capacity = 10
pool = "units"
stay = { kind = "erlang", mean = "3 d", stages = 2 }
turnaround = { kind = "discrete", values = ["1 d", "2 d"], shares = [0.5, 0.5] }
queue = { patience = { kind = "quantiles", values = ["14 d", "40 d"], below = [0.5, 0.9] } }
[settings.e]
capacity = 10
stay = { kind = "hazard", step = "1 d", chances = [0.1, 0.2] }
time_to_start = "120 d"
turnaround = { kind = "generalised_pareto", low = "1 d", scale = "2 d", shape = 0.2 }
queue = { patience = { kind = "mixture", parts = [ { share = 1, kind = "poisson", mean = "3 d" } ] } }
[[routes]]
from = "e"
to = "free"
[[routes]]
from = "a"
to = "leave:done"
share = 0.4
delay = "1 d"
handoff = { delay = "1 d", lost = 0.1 }
[[routes]]
from = "a"
to = "free"
[[routes]]
from = "b"
to = "free"
[[routes]]
from = "c"
to = "free"
[[routes]]
from = "d"
to = "free"
[arrivals.rated]
rate = "1 / d"
growth = 0.02
months = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
weekdays = [1, 1, 1, 1, 1, 1, 1]
hours = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
batch = 1
to = "a"
[arrivals.spaced]
gap = "1 d"
to = "a"
[initial.one]
place = "a"
count = 3
stay = { elapsed = "1 d" }
waited = "3 d"
[initial.two]
place = "a"
count = 3
stay = { remaining = "1 d" }
[initial.three]
place = "a"
count = 3
stay = { share_of_stay = 0.5, least = "1 d" }
[events.e]
rate = "1 / y"
to = "free"
[timers.review]
from = "arrival"
after = "3 d"
to = "free"
[milestones.housed]
reach = ["a"]
standard = "3 d"
[events.back]
rate = "1 / y"
when = "place = free"
to = "return"
[handoffs.any]
delay = "1 d"
lost = 0.1
[[vary]]
field = "settings.d.stay.mean"
when = "t = y"
value = "4 d"
[[vary]]
field = "settings.d.stay.mean"
when = "t = x"
scale = 1.5
[[dated]]
field = "settings.b.capacity"
at = "1 d"
value = 12
every = "7 d"
[policies.surge]
when = { measure = "waiting", settings = ["e"], waited_over = "3 d", over = 50, for = "7 d" }
until = { under = 30, for = "14 d" }
review = "1 d"
lead_time = "5 d"
closing_time = "1 d"
changes = [ { path = "settings.e.capacity", add = 2 } ]
[policies.spare]
when = { measure = "free", settings = ["e"], under = 2 }
until = { over = 5 }
changes = [ { path = "settings.e.capacity", add = 2 } ]
[metrics.m]
measure = "wait"
scope = "model"
target = "3 d"
[money]
dollars_of = 2026
discount = 0.03
[costs.care]
setting = "a"
per = "client day"
amount = 1450
[budgets.care]
amount = 500000
review = "1 d"
[incentives.bonus]
metric = "m"
target = "3 d"
amount = 1000
)";

bool is_numeric(const FieldEntry& entry) {
  return entry.kind == FieldKind::number || entry.kind == FieldKind::scalar || entry.kind == FieldKind::numbers ||
         (entry.kind == FieldKind::distribution && entry.field != "distribution");
}

using Fields = std::vector<std::pair<std::string, Cell>>;

Cell* cell_at(Fields& fields, const std::string& path) {
  const std::size_t dot = path.find('.');
  for (auto& [name, cell] : fields)
    if (name == path.substr(0, dot))
      return dot == std::string::npos ? &cell : cell_at(cell.fields, path.substr(dot + 1));
  return nullptr;
}

/// The first table within a cell that is a distribution (has `kind`) or a varying number (has `base`) with that field.
Cell* inner_cell(Fields& fields, const std::string& mark, const std::string& field) {
  for (auto& [name, cell] : fields) {
    if (cell.is_table() && cell.find(mark) != nullptr && cell.find(field) != nullptr) return cell.find(field);
    if (Cell* found = inner_cell(cell.fields, mark, field)) return found;
  }
  return nullptr;
}

/// Where the sample has a field of the schema; a list's first item; of a table the number in it.
Cell* sample_of(Document& document, const FieldEntry& entry) {
  const std::string field{entry.field};
  Cell* found = nullptr;
  if (is_single_table(entry.table)) found = cell_at(document.head.find(std::string{entry.table})->fields, field);
  const bool is_inner = entry.table == "distribution" || entry.table == "number";
  for (Table& table : document.tables)
    for (Row& row : table.rows) {
      if (found != nullptr) break;
      if (is_inner)
        found = inner_cell(row.fields, entry.table == "number" ? "base" : "kind", field);
      else if (table.name == entry.table)
        found = cell_at(row.fields, field);
    }
  if (found != nullptr && found->is_list()) return &found->items.front();
  if (found != nullptr && found->is_table()) return found->find(found->find("base") != nullptr ? "base" : "value");
  return found;
}

std::vector<Problem> problems_with(Document document, const FieldEntry& entry, const std::string& text, Place& at) {
  Cell& cell = *sample_of(document, entry);
  at = cell.at;
  cell.kind = Cell::Kind::text;
  cell.text = text;
  cell.unit.clear();
  Problems problems;
  build_model(document, {}, {}, problems);
  return problems.sorted();
}

/// The unit of the sample's own text ("d", "/ y"); empty for plain numbers.
std::string unit_of(const Cell& cell) {
  const std::size_t blank = cell.text.find(' ');
  return blank == std::string::npos ? "" : cell.text.substr(blank);
}

std::string name_of(const FieldEntry& entry) {
  return std::string{entry.table} + '.' + std::string{entry.field};
}

}  // namespace

TEST_CASE("every numeric field refuses every bad number where it stands") {
  Problems problems;
  const Document sample = read_toml_text(kAllFields, "case.toml", Limits{}, problems);
  REQUIRE(build_model(sample, {}, {}, problems));
  REQUIRE(to_text(problems).empty());
  // These may be below 0; the next have no dimension of their own, or several; parameters and targets may be of any
  // size.
  const std::set<std::string> may_be_negative{"distribution.shift", "distribution.truncate", "distribution.mu",
                                              "parameters.value",   "metrics.target",        "incentives.target"};
  const std::set<std::string> any_dimension{"parameters.value", "metrics.target", "incentives.target", "staff.salary"};
  std::size_t tried = 0;
  for (const FieldEntry& entry : schema()) {
    if (!is_numeric(entry)) continue;
    if (entry.table == "levers" || entry.table == "lever_changes") continue;  // read when used: test_levers.cpp
    Document copy = sample;
    const Cell* cell = sample_of(copy, entry);
    INFO(name_of(entry));
    REQUIRE(cell != nullptr);
    const std::string unit = unit_of(*cell);
    std::vector<std::string> bad{"nan", "inf", "-inf", "1e400", "1e-400", "0x10", "1,5", "123456789012345678901",
                                 "-0",  "abc", ""};
    if (!any_dimension.contains(name_of(entry))) {
      if (entry.unit != FieldUnit::money) bad.push_back("3 $");
      bad.push_back(unit.empty() ? "3 d" : "3");
      bad.push_back("1e300" + unit);
    }
    if (!may_be_negative.contains(name_of(entry))) bad.push_back("-3" + unit);
    for (const std::string& text : bad) {
      Place at;
      const std::vector<Problem> found = problems_with(sample, entry, text, at);
      INFO("with \"" << text << "\"");
      for (const Problem& problem : found) INFO(to_text(problem));
      bool is_told = false;
      for (const Problem& problem : found)
        is_told = is_told || (problem.at.line == at.line && problem.at.column >= at.column);
      CHECK(is_told);
      ++tried;
    }
  }
  CHECK(tried > 700);
}

TEST_CASE("a value of another shape in any field is told, never a crash") {
  Problems sound;
  const Document sample = read_toml_text(kAllFields, "case.toml", Limits{}, sound);
  const std::vector<std::string> shapes{
      "[]", "{}", "[[]]", "{ a = {} }", "true", "\"\"", "\"&|;=<>!+,. \"", "[{ at = 1 }]", "7", "\"x when & share\""};
  std::size_t told = 0;
  const auto try_all = [&](auto&& fields_of) {
    Document copy = sample;
    const std::size_t count = fields_of(copy)->size();
    for (std::size_t i = 0; i < count; ++i)
      for (const std::string& shape : shapes) {
        Document changed = sample;
        Cell& cell = (*fields_of(changed))[i].second;
        Problems problems;
        const Place at = cell.at;
        cell = read_toml_value(shape, at, "field", Limits{}, problems).value();
        build_model(changed, {}, {}, problems);
        for (const Problem& problem : problems.sorted()) CHECK_FALSE(problem.what.empty());
        told += problems.empty() ? 0U : 1U;
      }
  };
  try_all([](Document& document) { return &document.head.find("model")->fields; });
  for (std::size_t table = 0; table < sample.tables.size(); ++table)
    for (std::size_t row = 0; row < sample.tables[table].rows.size(); ++row)
      try_all([=](Document& document) { return &document.tables[table].rows[row].fields; });
  CHECK(told > 500);
}

TEST_CASE("every later construct is refused by its name") {
  for (const LaterConstruct& later : kLaterConstructs) {
    const std::string name{later.name};
    const std::string text = later.table.empty()
                                 ? "[" + name + ".x]\nname = \"x\"\n"
                                 : "[settings.a]\ncapacity = 1\nstay = \"until_moved\"\n" + name + " = \"x\"\n";
    Problems problems;
    read_model_text(text, "case.toml", {}, problems);
    INFO(name << ":\n" << to_text(problems));
    bool is_told = false;
    for (const Problem& problem : problems.sorted())
      is_told =
          is_told || (problem.code.text() == "not-yet" && problem.what.find('"' + name + '"') != std::string::npos);
    CHECK(is_told);
  }
}

TEST_CASE("the schema says each field once") {
  std::set<std::string> seen;
  for (const FieldEntry& entry : schema()) CHECK(seen.insert(name_of(entry)).second);
}
