#include <bit>
#include <string>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "tests/catch.hpp"
#include "tests/models/language_text.hpp"

// What few settings have: scores, preemption, units, pools, cuts, papers, enrolments elsewhere. From text to tables.
using namespace tl;
using namespace tl::small;

namespace {

const std::string kBase = R"(
[departments.dmh]
[departments.dhs]
[traits.smi]
values = ["no", "yes"]
[settings.street]
capacity = "unlimited"
stay = "until_moved"
[settings.jail]
domain = "custody"
capacity = "unlimited"
stay = "until_moved"
[arrivals.a]
rate = "1 / d"
to = "street"
do = "request ward; request fsp"
[events.out]
rate = "1 / y"
to = "leave:done"
[events.arrest]
rate = "1 / y"
to = "jail"
)";
const std::string kFsp = R"(
[settings.fsp]
kind = "program"
capacity = 5
stay = "90 d"
next = "end"
)";
const std::string kWard = R"(
[settings.ward]
capacity = 5
stay = "7 d"
next = "street"
)";

std::uint32_t row_of(const Compiled& made, const std::string& id) {
  for (std::uint32_t row = 0; row < made.words.settings.size(); ++row)
    if (made.words.settings[row].id == id) return row;
  FAIL("no setting " + id);
  return 0;
}
const SettingMore& more_of(const Compiled& made, const std::string& id) {
  return made.model.more[row_of(made, id)];
}
double cell(const CompiledModel& model, TableId table, std::uint32_t index = 0) {
  return model.numbers[model.cells[model.tables[table.index()].first_cell + index]];
}

}  // namespace

TEST_CASE("every setting has a row of more, and says whether anything stands in it") {
  const Compiled made = compiled_from(kBase + kFsp + kWard);
  REQUIRE(made.model.more.size() == made.model.settings.size());
  for (const Setting& setting : made.model.settings) CHECK_FALSE(setting.has_more);
}

TEST_CASE("a score is a table of points, a weight of the time waited, and steps") {
  const Compiled made = compiled_from(kBase + kFsp + kWard + R"(queue = { discipline = "score", score = ["5",
    "25 when smi = yes", "-1 when place = jail", "2 per 30 d", "7 after 90 d", "3 after 10 d"], least_wait = "2 d" }
)");
  const SettingMore& more = more_of(made, "ward");
  CHECK(made.model.settings[row_of(made, "ward")].has_more);
  REQUIRE(made.model.tables[more.score.index()].cell_count == 4);
  CHECK(cell(made.model, more.score, 0) == 5.0);
  CHECK(cell(made.model, more.score, 1) == 4.0);
  CHECK(cell(made.model, more.score, 2) == 30.0);
  CHECK(cell(made.model, more.score, 3) == 29.0);
  CHECK(more.score_per_day == Approx(2.0 / 30.0));
  REQUIRE(more.score_step_count == 2);
  CHECK(made.model.score_steps[more.first_score_step].after == SimTime::from_days(10));
  CHECK(made.model.score_steps[more.first_score_step].add == 3.0);
  CHECK(made.model.score_steps[more.first_score_step + 1].add == 7.0);
  CHECK(more.least_wait == SimTime::from_days(2));
}

TEST_CASE("preemption and patience that pauses") {
  const Compiled made = compiled_from(kBase + kFsp + kWard + R"(
[settings.ward.queue]
priority = ["smi = yes"]
patience = "9 d"
patience_pauses = ["interim", "away"]
preempt = "restart"
preempted_to = "street"
)");
  const SettingMore& more = more_of(made, "ward");
  CHECK(more.preempt == Preempt::restart);
  CHECK(more.preempted_to == SettingId{1});
  CHECK(more.occupants_known);
  CHECK(more.patience_pauses_in_interim);
  CHECK(more.patience_pauses_away);
}

TEST_CASE("a pool is a setting before the lines; who draws on it may have a cap of its own") {
  const Compiled made = compiled_from(kBase + kFsp + R"(
[pools.beds]
capacity = { base = 10, dated = [ { at = "30 d", value = 12 } ] }
department = "dhs"
[settings.ward]
pool = "beds"
takes = { base = 1, vary = [ { when = "smi = yes", value = 2 } ] }
stay = "7 d"
next = "street"
queue = { fit = "first_fit" }
[settings.detox]
pool = "beds"
capacity = 4
stay = "7 d"
next = "street"
[arrivals.b]
rate = "1 / d"
to = "detox"
)");
  const std::uint32_t pool = row_of(made, "beds");
  CHECK(pool == 6);
  const CompiledModel& model = made.model;
  CHECK(model.settings[pool].kind == SettingKind::pool);
  CHECK(made.words.settings[pool].kind == "pool");
  CHECK(made.words.settings[pool].capacity == 10.0);
  CHECK(model.settings[pool].capacity == 10);
  bool patched = false;
  for (const Patch& patch : model.patches)
    patched = patched || (patch.kind == PatchKind::capacity && patch.index == pool && patch.value == 12);
  CHECK(patched);
  CHECK(more_of(made, "ward").pool == SettingId{pool});
  CHECK(model.settings[row_of(made, "ward")].capacity == kUnlimited);
  CHECK(model.settings[row_of(made, "ward")].line.exists());
  CHECK(model.settings[row_of(made, "detox")].capacity == 4);
  CHECK(more_of(made, "detox").pool == SettingId{pool});
  const TableId takes = more_of(made, "ward").takes;
  CHECK(cell(model, takes, 0) == 1.0);
  CHECK(cell(model, takes, 1) == 2.0);
  CHECK(more_of(made, "ward").first_fit);
}

TEST_CASE("who is discharged at a cut goes along its route, and waits outside beds") {
  const Compiled made = compiled_from(kBase + kFsp + kWard + R"(
[settings.detox]
capacity = { base = 5, dated = [ { at = "30 d", value = 2 } ] }
stay = "7 d"
next = "street"
on_cut = "discharge"
cut_to = "ward"
[arrivals.b]
rate = "1 / d"
to = "detox"
)");
  const SettingMore& more = more_of(made, "detox");
  REQUIRE(more.cut_to.exists());
  const Route& route = made.model.routes[more.cut_to.index()];
  CHECK(route.goal == SettingId{row_of(made, "ward")});
  CHECK(route.waiting == Waiting::line);
  CHECK(more.occupants_known);
}

TEST_CASE("a dated stay reaches those who are in by one factor") {
  const std::string stay = R"(
[settings.detox]
capacity = 5
next = "street"
to_running = "yes"
stay = { kind = "exponential", mean = { base = "10 d", dated = [ { at = "30 d", value = "5 d" } ], vary = [ { when = "smi = yes", EXCEPTION } ] } }

[arrivals.b]
rate = "1 / d"
to = "detox"
)";
  const auto with = [&](const std::string& exception) {
    std::string text = stay;
    text.replace(text.find("EXCEPTION"), 9, exception);
    return kBase + kFsp + kWard + text;
  };
  const Compiled made = compiled_from(with("scale = 3"));
  int found = 0;
  for (const Patch& patch : made.model.patches) {
    if (patch.kind != PatchKind::stay_scale) continue;
    ++found;
    CHECK(patch.at == SimTime::from_days(30));
    CHECK(patch.index == row_of(made, "detox"));
    CHECK(std::bit_cast<double>(patch.value) == Approx(0.5));
  }
  CHECK(found == 1);
  CHECK(more_of(made, "detox").occupants_known);
  CHECK(code_in(with("value = \"3 d\""), "varies-here"));
}

TEST_CASE("enrolments elsewhere: the first rule that holds, else keep") {
  const Compiled made = compiled_from(kBase + kWard + kFsp + R"(
while_in = ["end after 90 d when place = jail & smi = yes", "pause when domain = custody"]
)");
  const CompiledModel& model = made.model;
  const TableId table = more_of(made, "fsp").while_in;
  const StateTable& cells = model.tables[table.index()];
  REQUIRE(cells.cell_count == 4);  // smi by jail or not
  const auto kind = [&](std::uint32_t smi, std::uint32_t place) {
    const std::uint32_t at = model.place_classes[model.dimensions[cells.first_dimension + 1].first + place];
    return model.while_in_rules[model.cells[cells.first_cell + smi * 2 + at]];
  };
  CHECK(kind(0, 1).kind == WhileIn::keep);
  CHECK(kind(0, 2).kind == WhileIn::pause);
  CHECK(kind(1, 2).kind == WhileIn::end);
  CHECK(kind(1, 2).after == SimTime::from_days(90));
}

TEST_CASE("papers: tokens by department, the program asked, what a program gives") {
  const std::string text = kBase + kWard + R"(requires = ["intake"]
department = "dhs"
accepts = ["dmh", "dhs"]
requires_order = "serial"
)" + kFsp + R"(
[settings.intake_dmh]
kind = "program"
department = "dmh"
capacity = 1
stay = "1 d"
next = "end"
[settings.intake_dhs]
kind = "program"
department = "dhs"
capacity = 1
stay = "1 d"
next = "end"
[assessments.intake]
given_by = ["intake_dmh", "intake_dhs"]
valid = "90 d"
[assessments.flags]
given_by = "fsp"
on = "admission"
)";
  const Compiled made = compiled_from(text);
  const CompiledModel& model = made.model;
  CHECK(model.token_count == 3);
  CHECK(made.words.tokens == std::vector<std::string>{"intake.dmh", "intake.dhs", "flags.none"});
  const SettingMore& ward = more_of(made, "ward");
  REQUIRE(ward.requirement_count == 1);
  CHECK(model.requirements[ward.first_requirement].serves == 3);
  CHECK(model.requirements[ward.first_requirement].ask == SettingId{row_of(made, "intake_dhs")});
  CHECK(ward.one_after_another);
  const SettingMore& giver = more_of(made, "intake_dmh");
  REQUIRE(giver.grant_count == 1);
  CHECK(model.grants[giver.first_grant].token == 0);
  CHECK(model.grants[giver.first_grant].on_completion);
  CHECK(model.grants[giver.first_grant].valid == SimTime::from_days(90));
  const SettingMore& fsp = more_of(made, "fsp");
  REQUIRE(fsp.grant_count == 1);
  CHECK(model.grants[fsp.first_grant].token == 2);
  CHECK_FALSE(model.grants[fsp.first_grant].on_completion);
  CHECK(model.grants[fsp.first_grant].valid == SimTime{});
}

TEST_CASE("an unlimited place that asks for papers has a line") {
  const Compiled made = compiled_from(kBase + kWard + kFsp + R"(
[assessments.flags]
given_by = "fsp"
[settings.flat]
capacity = "unlimited"
stay = "until_moved"
requires = "flags"
[arrivals.b]
rate = "1 / d"
to = "flat"
)");
  CHECK(made.model.settings[row_of(made, "flat")].capacity == kUnlimited);
  CHECK(made.model.settings[row_of(made, "flat")].line.exists());
}

TEST_CASE("mistakes in what few settings have are told") {
  const auto ward = [&](const std::string& fields) { return problems_of(kBase + kFsp + kWard + fields); };
  const auto fsp = [&](const std::string& fields) { return problems_of(kBase + kWard + kFsp + fields); };
  CHECK_THAT(ward("queue = { discipline = \"score\" }\n"), Catch::Contains("is score, and no points are given"));
  CHECK_THAT(ward("queue = { discipline = \"fifo\", score = \"3\" }\n"), Catch::Contains("the discipline is fifo"));
  CHECK_THAT(ward("queue = { score = \"2 per 30 d; 1 per 3 d\" }\n"), Catch::Contains("a second weight"));
  CHECK_THAT(ward("queue = { score = \"2 per 30\" }\n"), Catch::Contains("without a unit"));
  CHECK_THAT(ward("queue = { score = \"x when smi = yes\" }\n"), Catch::Contains("neither a number"));
  CHECK_THAT(ward("queue = { score = \"2 per 3 d when smi = yes\" }\n"), Catch::Contains("not both"));
  CHECK_THAT(ward("queue = { preempt = \"resume\" }\n"), Catch::Contains("all are in one"));
  CHECK_THAT(ward("queue = { preempted_to = \"street\" }\n"), Catch::Contains("without queue.preempt"));
  CHECK_THAT(ward("queue = { patience_pauses = \"away\" }\n"), Catch::Contains("nobody gives up"));
  CHECK_THAT(ward("queue = { patience_pauses = \"awy\", patience = \"3 d\" }\n"), Catch::Contains("\"away\"?"));
  CHECK_THAT(ward("queue = { fit = \"first_fit\" }\n"), Catch::Contains("each who is first fits"));
  CHECK_THAT(ward("takes = 0\n"), Catch::Contains("must be at least 1"));
  CHECK_THAT(ward("takes = 1.5\n"), Catch::Contains("a whole number is due"));
  CHECK_THAT(ward("takes = 6\n"), Catch::Contains("is 6, and there are 5 units"));
  CHECK(code_in(kBase + kFsp + kWard + "takes = 6\n", "units-few"));
  CHECK_THAT(ward("pool = \"bed\"\n[pools.beds]\ncapacity = 1\n"), Catch::Contains("Did you mean \"beds\"?"));
  CHECK_THAT(ward("[pools.beds]\ncapacity = 1\n"), Catch::Contains("is used by no setting"));
  CHECK_THAT(ward("pool = \"beds\"\n[pools.beds]\ncapacity = \"unlimited\"\n"), Catch::Contains("is unlimited"));
  CHECK_THAT(ward("on_cut = \"discharge\"\n"), Catch::Contains("settings.ward.cut_to: is missing"));
  CHECK_THAT(ward("cut_to = \"street\"\n"), Catch::Contains("nobody is moved out"));
  CHECK_THAT(ward("to_running = \"yes\"\n"), Catch::Contains("no dated values"));
  CHECK_THAT(ward("while_in = \"pause when place = jail\"\n"), Catch::Contains("is given for a place"));
  CHECK_THAT(fsp("while_in = \"pause when stay_over = yes\"\n"), Catch::Contains("looks at something else"));
  CHECK_THAT(fsp("while_in = \"stop when place = jail\"\n"), Catch::Contains("keep, pause and end"));
  CHECK_THAT(fsp("while_in = \"pause after 3 d when place = jail\"\n"), Catch::Contains("does nothing"));
  CHECK_THAT(fsp("on_cut = \"discharge\"\ncut_to = \"street\"\n"), Catch::Contains("moves nobody"));
  CHECK_THAT(ward("accepts = \"dmh\"\n"), Catch::Contains("asks for no assessment"));
  CHECK_THAT(ward("requires = \"intake\"\n[assessments.intake]\ngiven_by = \"jail\"\n"),
             Catch::Contains("assessments are given by programs"));
}
