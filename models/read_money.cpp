#include <algorithm>
#include <cmath>
#include <limits>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

// Money: payers, what costs and who pays for it, incentives.
namespace tl::reading {
namespace {

constexpr double kMostDollars = 1e12;
constexpr double kShareSlack = 1e-9;
const std::vector<std::string> kCostWords{"client day", "capacity day", "admission", "year",
                                          "event",      "outcome",      "once",      "staff hour"};
const std::vector<std::string> kEveryWords{"month", "quarter", "year"};

/// `medi_cal 0.6, county 0.3`.
std::string shares_text(const Context& context, const SplitSpec& split) {
  std::string text;
  for (const auto& [payer, share] : split.shares)
    text += (text.empty() ? "" : ", ") + context.payers.all()[payer] + ' ' + shown(share);
  return text;
}

void add_share(Context& context, const Cell& payer, const Cell& share, const std::string& field, SplitSpec& split) {
  const auto row = find_name(context, payer, field, context.payers);
  const auto part =
      read_fixed(context, share, field + '.' + payer.text, {.dimension = kPlain, .range = Range::between(0.0, 1.0)});
  if (!row || !part) return;
  const bool is_twice =
      std::any_of(split.shares.begin(), split.shares.end(), [&](const auto& other) { return other.first == *row; });
  if (is_twice)
    context.error(payer.at, code("field-conflict"), field, "names \"" + payer.text + "\" twice",
                  "a payer bears one share of a cost");
  else
    split.shares.emplace_back(*row, *part);
}

/// { medi_cal = 0.6, county = 0.4 }, or as a text: medi_cal = 60%; county = 40%.
bool read_shares(Context& context, const Cell& cell, const std::string& field, SplitSpec& split) {
  const std::size_t errors_before = context.problems.error_count();
  if (cell.is_table()) {
    for (const auto& [name, share] : cell.fields) {
      Cell payer;
      payer.text = name;
      payer.at = share.key_at;
      add_share(context, payer, share, field, split);
    }
    return context.problems.error_count() == errors_before;
  }
  for (const Cell& piece : pieces_of(cell, ';')) {
    if (!read_text(context, piece, field)) continue;
    const std::size_t equals = piece.text.find('=');
    if (equals == std::string::npos) {
      context.error(piece.at, code("split-syntax"), field, "cannot read \"" + piece.text + '"',
                    "a payer's share is written PAYER = SHARE", "Write " + piece.text + " = 100%.");
      continue;
    }
    std::size_t left_at = 0, right_at = equals + 1;
    const std::string_view left = trimmed(std::string_view{piece.text}.substr(0, equals), left_at);
    const std::string_view right = trimmed(std::string_view{piece.text}.substr(equals + 1), right_at);
    add_share(context, piece_of(piece, left_at, left), piece_of(piece, right_at, right), field, split);
  }
  return context.problems.error_count() == errors_before;
}

double horizon_of(const Context& context) {
  return context.model.horizon_days;
}

void read_cost_place(Context& context, const RowView& row, CostSpec& cost) {
  cost.department = *context.departments.find("none");
  if (const Cell* cell = row.find("setting")) {
    cost.setting = find_setting_or_pool(context, *cell, row.path("setting"));
    const std::size_t settings = context.settings.all().size();
    if (cost.setting)
      cost.department = *cost.setting < settings ? context.model.settings[*cost.setting].department
                                                 : context.model.pools[*cost.setting - settings].department;
  }
  if (const Cell* cell = row.find("department"))
    cost.department = find_name(context, *cell, row.path("department"), context.departments).value_or(cost.department);
}

bool needs_setting(CostPer per) {
  return per == CostPer::client_day || per == CostPer::capacity_day || per == CostPer::admission;
}

bool has_capacity(const Context& context, std::uint32_t setting) {
  const std::size_t settings = context.settings.all().size();
  return setting >= settings || context.setting_facts[setting].has_capacity;
}

/// The event, timer or outcome that a cost counts.
void read_subject(Context& context, const RowView& row, const char* name, CostSpec& cost) {
  const Cell* cell = row.find(name);
  if (cell == nullptr) {
    missing_field(context, row, name, std::string{"it says which "} + name + " is counted");
    return;
  }
  if (std::string_view{name} == "staff") {
    cost.subject = find_name(context, *cell, row.path(name), context.staff).value_or(0);
    if (row.find("setting") == nullptr && row.find("department") == nullptr &&
        cost.subject < context.model.staff.size())
      cost.department = context.model.staff[cost.subject].department;
    return;
  }
  if (std::string_view{name} == "event") {
    if (const auto timer = context.timers.find(cell->text); timer && !context.events.find(cell->text))
      cost.subject = static_cast<std::uint32_t>(context.events.all().size()) + *timer;
    else
      cost.subject = find_name(context, *cell, row.path(name), context.events).value_or(0);
    return;
  }
  cost.subject = find_name(context, *cell, row.path(name), context.outcomes).value_or(0);
}

void read_date_of(Context& context, const RowView& row, CostSpec& cost) {
  const Cell* cell = row.find("on");
  if (cell == nullptr) {
    missing_field(context, row, "on", "it says when", "Write on = \"2026-07-01\".");
    return;
  }
  const auto days = read_instant(context, *cell, row.path("on"));
  cost.on_days = days.value_or(0.0);
  if (days && (*days < 0.0 || *days >= horizon_of(context)))
    context.problems.warning(cell->at, code("date-outside"), row.path("on"),
                             cell->text + " lies outside the results, so it costs nothing",
                             "results last " + shown_duration(horizon_of(context)) + " from the model's start");
}

/// Fields that another word of `per` would need.
void tell_useless(Context& context, const RowView& row, const std::vector<std::string>& names, const std::string& per) {
  for (const std::string& name : names)
    if (const Cell* cell = row.find(name))
      context.problems.warning(cell->at, code("field-useless"), row.path(name), "has no effect",
                               "the cost is paid per " + per);
}

void read_per(Context& context, const RowView& row, CostSpec& cost) {
  const Cell* cell = row.find("per");
  if (cell == nullptr) {
    missing_field(context, row, "per", "it says what the amount is paid for", "Write per = \"client day\".");
    return;
  }
  const auto word = read_word(context, *cell, row.path("per"), kCostWords);
  if (!word) return;
  cost.per = static_cast<CostPer>(*word);
  if (needs_setting(cost.per) && row.find("setting") == nullptr)
    missing_field(context, row, "setting", "it says where the " + kCostWords[*word] + "s are counted");
  if (cost.per == CostPer::capacity_day && cost.setting && !has_capacity(context, *cost.setting))
    context.error(cell->at, code("field-kind"), row.path("per"), "counts the units of an unlimited setting",
                  "without a capacity there are no units to pay for", "Write per = \"client day\".");
  if (cost.per == CostPer::event) read_subject(context, row, "event", cost);
  if (cost.per == CostPer::outcome) read_subject(context, row, "outcome", cost);
  if (cost.per == CostPer::staff_hour) read_subject(context, row, "staff", cost);
  if (cost.per == CostPer::once) read_date_of(context, row, cost);
  std::vector<std::string> useless;
  if (cost.per != CostPer::event) useless.emplace_back("event");
  if (cost.per != CostPer::outcome) useless.emplace_back("outcome");
  if (cost.per != CostPer::staff_hour) useless.emplace_back("staff");
  if (cost.per != CostPer::once) useless.emplace_back("on");
  tell_useless(context, row, useless, kCostWords[*word]);
}

void read_amount(Context& context, const RowView& row, CostSpec& cost) {
  const Cell* cell = row.find("amount");
  if (cell == nullptr) {
    missing_field(context, row, "amount", "it says how many dollars", "Write amount = 1450.");
    return;
  }
  const NumberRule rule{.dimension = kMoney, .range = Range::between(0.0, kMostDollars), .may_vary = false};
  if (auto amount = read_varying(context, *cell, row.path("amount"), rule)) cost.amount = std::move(*amount);
}

CostSpec read_item(Context& context, const RowView& row) {
  CostSpec cost;
  cost.id = row.row.id;
  cost.at = row.row.at;
  cost.name = read_words(context, row, "name", row.row.id);
  read_cost_place(context, row, cost);
  read_amount(context, row, cost);
  cost.split = read_split(context, row);
  cost.provenance = read_provenance(context, row);
  return cost;
}

int fineness(const std::string& every) {
  const auto found = std::find(kEveryWords.begin(), kEveryWords.end(), every);
  return found == kEveryWords.end() ? -1 : static_cast<int>(found - kEveryWords.begin());
}

void read_metric_of(Context& context, const RowView& row, CostSpec& cost) {
  cost.per = CostPer::metric;
  if (!cost.amount.dated.empty())
    context.error(cost.amount.at, code("field-conflict"), cost.amount.path, "changes by date",
                  "what is paid for a metric has one amount for the whole run",
                  "Write an incentive for an outcome, or one amount.");
  const Cell* metric = row.find("metric");
  cost.metric = metric->text;
  const auto& known = context.model.metrics;
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const MetricWords& one) { return one.id == metric->text; });
  if (found == known.end()) {
    std::vector<std::string> ids;
    for (const MetricWords& one : known) ids.push_back(one.id);
    context.error(metric->at, code("name-unknown"), row.path("metric"), "unknown metric \"" + metric->text + '"',
                  "an incentive looks at a row of metrics that is no ratio", did_you_mean(metric->text, ids));
  }
  if (const Cell* target = row.find("target")) {
    if (const auto value = read_quantity(*target, row.path("target"), context.parameters, context.problems)) {
      cost.target = value->value;
      context.parameters_used.insert(value->parameters.begin(), value->parameters.end());
    }
  } else if (found != known.end() && std::isnan(found->target)) {
    missing_field(context, row, "target", "neither the incentive nor its metric says what is to be reached");
  }
  cost.every = "year";
  const Cell* every = row.find("every");
  if (every != nullptr)
    if (const auto word = read_word(context, *every, row.path("every"), kEveryWords)) cost.every = kEveryWords[*word];
  if (fineness(context.model.every) > fineness(cost.every))
    context.error(every == nullptr ? row.row.at : every->at, code("period-coarse"), row.path("every"),
                  "is " + cost.every + ", and results are kept by " + context.model.every,
                  "whether the target is reached is decided from the results",
                  "Write every = \"" + cost.every + "\" in [model].");
}

CostSpec read_cost(Context& context, const RowView& row) {
  CostSpec cost = read_item(context, row);
  read_per(context, row, cost);
  return cost;
}

CostSpec read_incentive(Context& context, const RowView& row) {
  CostSpec cost = read_item(context, row);
  cost.is_incentive = true;
  cost.target = std::numeric_limits<double>::quiet_NaN();
  const Cell *outcome = row.find("outcome"), *metric = row.find("metric");
  if ((outcome == nullptr) == (metric == nullptr)) {
    context.error(outcome == nullptr ? row.row.at : metric->at, code("field-conflict"), row.address,
                  outcome == nullptr ? "has neither outcome nor metric" : "has outcome and metric",
                  "it is paid for each outcome, or for each period in which a metric reaches its target");
    return cost;
  }
  if (outcome != nullptr) {
    cost.per = CostPer::outcome;
    read_subject(context, row, "outcome", cost);
    tell_useless(context, row, {"target", "every"}, "outcome");
  } else {
    read_metric_of(context, row, cost);
  }
  return cost;
}

void read_head_of_money(Context& context) {
  const Cell* money = context.document.head().find("money");
  if (money == nullptr || !money->is_table()) return;
  Row row;
  row.id = "money";
  row.at = money->key_at;
  row.fields = money->fields;
  const RowView head{row, "money"};
  if (const Cell* cell = head.find("dollars_of"))
    context.model.money.dollars_of =
        read_scalar(context, *cell, head.path("dollars_of"),
                    {.dimension = kPlain, .range = Range::between(1900.0, 2200.0), .whole = true})
            .value_or(0.0);
  if (const Cell* cell = head.find("discount"))
    context.model.money.discount =
        read_fixed(context, *cell, head.path("discount"), {.dimension = kPlain, .range = Range::between(0.0, 1.0)})
            .value_or(0.0);
}

template <class Read>
void read_table(Context& context, const char* name, Names& seen, Read read) {
  const Table* table = context.table(name);
  if (table == nullptr) return;
  std::vector<std::string> here;
  for (const Row& row : table->rows) {
    const std::string field = std::string{name} + '.' + row.id;
    if (std::find(here.begin(), here.end(), row.id) != here.end()) continue;  // a problem already: row-duplicate
    here.push_back(row.id);
    check_id(context, row.id, id_place(row), field);
    if (seen.find(row.id))
      context.error(id_place(row), code("id-taken"), field, '"' + row.id + "\" is a cost already",
                    "costs and incentives are lines of one table of results", "Choose another id.");
    seen.add(row.id);
    context.model.money.costs.push_back(read(context, RowView{row, field}));
  }
}

}  // namespace

std::optional<std::uint32_t> find_setting_or_pool(Context& context, const Cell& cell, const std::string& field) {
  if (const auto pool = context.pools.find(cell.text))
    return static_cast<std::uint32_t>(context.settings.all().size()) + *pool;
  return find_name(context, cell, field, context.settings);
}

SplitSpec read_split(Context& context, const RowView& row) {
  SplitSpec split;
  const Cell *shares = row.find("split"), *payer = row.find("payer");
  if (shares != nullptr && payer != nullptr) {
    context.error(payer->at, code("field-conflict"), row.path("payer"), "stands beside split",
                  "either one payer bears all, or several share it");
    return split;
  }
  if (payer != nullptr) {
    if (const auto one = find_name(context, *payer, row.path("payer"), context.payers))
      split.shares.emplace_back(*one, 1.0);
    return split;
  }
  if (shares == nullptr) {
    split.shares.emplace_back(context.payers.add("none"), 1.0);
    return split;
  }
  const std::string field = row.path("split");
  if (!read_shares(context, *shares, field, split)) return split;
  double sum = 0.0;
  for (const auto& [row_of, share] : split.shares) sum += share;
  if (!(std::abs(sum - 1.0) <= kShareSlack)) {
    context.error(
        shares->at, code("split-sum"), field,
        "adds up to " + shown(std::round(sum * 1e9) / 1e9) +
            (split.shares.empty() ? "" : " (" + shares_text(context, split) + ")"),
        "the shares of the payers add up to 1: all of a cost is paid, and once",
        "Change a share by " + shown(std::round((1.0 - sum) * 1e9) / 1e9) + ", or name the payer of the rest.");
    return split;
  }
  for (auto& [row_of, share] : split.shares) share /= sum;
  return split;
}

void read_money(Context& context) {
  read_head_of_money(context);
  Names seen{"cost"};
  read_table(context, "costs", seen, read_cost);
  read_table(context, "incentives", seen, read_incentive);
}

/// After all that may have no payer was read.
void take_payers(Context& context) {
  const Table* table = context.table("payers");
  for (const std::string& id : context.payers.all()) {
    const Row* row = table == nullptr ? nullptr : table->find(id);
    const std::string otherwise = row == nullptr && id == "none" ? "No payer named" : id;
    context.model.money.payers.push_back(
        {id, row == nullptr ? otherwise : read_words(context, {*row, "payers." + id}, "name", otherwise)});
  }
}

}  // namespace tl::reading
