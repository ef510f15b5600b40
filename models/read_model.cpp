#include "models/read_model.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <set>

#include "models/lever_dates.hpp"
#include "models/population.hpp"
#include "models/read_context.hpp"
#include "models/schema.hpp"
#include "models/short_routes.hpp"
#include "models/switched_numbers.hpp"
#include "models/table_reader.hpp"

namespace tl {
namespace {

using namespace reading;

constexpr double kDaySlack = 1e-9;  ///< [day]

/// Tables that hold nothing, or values where rows are due, come as fields of the head.
Document with_all_tables(const Document& document, Problems& problems) {
  Document all = document;
  const std::vector<std::string> known = table_names();
  std::erase_if(all.head.fields, [&](const auto& field) {
    const auto& [name, cell] = field;
    if (is_single_table(name) || std::find(known.begin(), known.end(), name) == known.end()) return false;
    all.tables.push_back(table_from_cell(name, cell, problems));
    return true;
  });
  return all;
}

/// What a scenario set anew has no exceptions from the tables any more.
void drop_replaced(Context& context, const std::vector<std::string>& replaced) {
  for (const std::string& path : replaced)
    std::erase_if(context.outside_rows,
                  [&](const auto& rows) { return rows.first == path || rows.first.rfind(path + '.', 0) == 0; });
}

void check_all_shares(Context& context) {
  for (const SettingSpec& setting : context.model.settings)
    check_route_shares(context, setting.routes, setting.words.id, setting.at);
  for (const ArrivalSpec& arrival : context.model.arrivals)
    check_route_shares(context, arrival.routes, "arrivals." + arrival.id, arrival.at);
  for (const EventSpec& event : context.model.events)
    check_route_shares(context, event.routes, "events." + event.id, event.at);
  for (const TimerSpec& timer : context.model.timers)
    check_route_shares(context, timer.routes, "timers." + timer.id, timer.at);
}

/// Its short routes were refused: nothing more is to be said about where it leads.
bool has_next(const Context& context, std::string_view table, std::string_view id) {
  const Table* rows = context.table(table);
  const Row* row = rows == nullptr ? nullptr : rows->find(id);
  return row != nullptr && row->find("next") != nullptr;
}

void check_ways(Context& context) {
  for (const ArrivalSpec& arrival : context.model.arrivals)
    if (arrival.routes.empty() && !has_next(context, "arrivals", arrival.id))
      context.error(arrival.at, code("routes-missing"), "arrivals." + arrival.id, "leads nowhere",
                    "who arrives goes to a setting",
                    "Write to = \"...\", or routes from = \"arrivals." + arrival.id + "\".");
  for (const EventSpec& event : context.model.events)
    if (event.routes.empty() && !has_next(context, "events", event.id))
      context.error(event.at, code("routes-missing"), "events." + event.id, "does nothing",
                    "an event moves a client or does actions", "Write to = \"...\", or do = \"...\".");
  for (const TimerSpec& timer : context.model.timers)
    if (timer.routes.empty())
      context.error(timer.at, code("routes-missing"), "timers." + timer.id, "does nothing",
                    "a timer moves a client or does actions", "Write to = \"...\", or do = \"...\".");
  if (context.model.arrivals.empty() && context.model.initial.empty() && context.model.census.empty()) {
    const Table* settings = context.table("settings");
    if (settings != nullptr)
      context.problems.warning(settings->at, code("model-empty"), "arrivals", "nobody ever comes",
                               "the model has neither arrivals nor clients at the start");
  }
}

void read_all(Context& context, const std::vector<std::string>& replaced) {
  read_head(context);
  gather_outside_rows(context);
  drop_replaced(context, replaced);
  collect_names(context);
  read_model_by(context);
  read_requests(context);
  read_calendars(context);
  read_holidays(context);
  read_pools(context);
  read_assessments(context);
  read_staff(context);
  read_settings(context);
  read_mix(context);
  read_arrivals(context);
  read_initial(context);
  read_census(context);
  read_events(context);
  read_timers(context);
  read_milestones(context);
  read_routes(context);
  read_handoffs(context);
  read_policies(context);
  read_metrics(context);
  read_money(context);
  read_budgets(context);
}

void check_all(Context& context) {
  check_settings(context);
  check_requests(context);
  check_pools(context);
  check_staff(context);
  check_assessments(context);
  check_claims(context);
  check_all_shares(context);
  check_ways(context);
  check_outside_rows(context);
  check_adjustments(context);
  check_sources(context);
}

void take_names(Context& context) {
  Model& model = context.model;
  model.departments = context.departments.all();
  model.domains = context.domains.all();
  model.reasons = context.reasons.all();
  model.outcomes = context.outcomes.all();
  take_payers(context);
  take_parameters(context);
}

/// After such a problem rows are missing, and everything that refers to them would be a problem too.
bool rows_are_missing(const Problems& problems) {
  const std::vector<Problem> all = problems.sorted();
  return std::any_of(all.begin(), all.end(), [](const Problem& problem) {
    const std::string_view text = problem.code.text();
    return problem.severity == Severity::error &&
           (text.rfind("file-", 0) == 0 || text.rfind("text-", 0) == 0 || text == "toml-syntax" ||
            text == "csv-quote" || text == "csv-heading" || text == "table-rows" || text == "table-columns");
  });
}

/// Builds a model under a scenario's changes, levers included.
class VariantBuilder {
 public:
  VariantBuilder(const Document& document, const ParameterTable& parameters, const std::vector<LeverSpec>& levers,
                 const Limits& limits, Problems& problems)
      : document_{document}, parameters_{parameters}, levers_{levers}, limits_{limits}, problems_{problems} {}

  std::optional<Model> build(std::span<const Change> changes) {
    const std::size_t errors_before = problems_.error_count();
    in_use_ = levers_in_use(levers_, changes, problems_);
    // What stands before the first lever (a base's changes, a parameter's draw) is what the levers start from.
    const auto first_lever =
        std::find_if(changes.begin(), changes.end(), [](const Change& change) { return is_about_lever(change.path); });
    const auto add_own = [&](const Change& change) {
      if (!is_about_lever(change.path))
        steps_.push_back({.change = change, .strength = 1.0, .lever = nullptr, .from = {}});
    };
    std::for_each(changes.begin(), first_lever, add_own);
    for (const LeverInUse& lever : in_use_) add_steps(lever);
    std::for_each(first_lever, changes.end(), add_own);
    tell_fights();
    if (has_dates() && problems_.error_count() == errors_before) return build_dated();
    NumberLog log;
    const bool may_switch = document_.find("policies") != nullptr;
    std::optional<Model> model = read(steps_, may_switch ? &log : nullptr, problems_);
    if (!model || policies_.empty()) return model;
    std::vector<NumberLog::Entry> numbers = log.entries();
    const auto open = [&](const Policy& policy, Problems& found) -> std::optional<std::vector<NumberLog::Entry>> {
      NumberLog under;
      if (!read(with_policy(steps_, policy), &under, found)) return std::nullopt;
      return under.entries();
    };
    if (!switch_numbers(numbers, open)) return std::nullopt;
    return read_joined(steps_, std::move(numbers));
  }

 private:
  void add_steps(const LeverInUse& lever) {
    const LeverSpec& spec = levers_[lever.lever];
    if (lever.strength == 0.0) {
      if (!lever.was_on)
        problems_.warning(lever.at, code("lever-useless"), "levers." + spec.id, "is at strength 0",
                          "so it changes nothing", "Give it a strength up to 1, or leave it out.");
      return;
    }
    for (const LeverChange& change : spec.changes)
      steps_.push_back({.change = change.change,
                        .strength = lever.strength,
                        .lever = &spec,
                        .from = change.from,
                        .dated = lever.starts.has_value(),
                        .timing = static_cast<std::size_t>(&lever - in_use_.data())});
  }

  /// Two that set one number: the last one stands.
  void tell_fights() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& loser = steps_[i];
      if (loser.change.kind != Change::Kind::set || loser.lever == nullptr) continue;
      const std::string address = plain_address(loser.change.path);
      for (std::size_t j = steps_.size(); j-- > i + 1;) {
        const Step& winner = steps_[j];
        if (winner.change.kind != Change::Kind::set || winner.lever == loser.lever ||
            !is_within(address, plain_address(winner.change.path)))
          continue;
        problems_.warning(loser.change.at, code("lever-fight"), address,
                          "is set by " + maker_of(loser) + " and by " + maker_of(winner),
                          "one number has one value: " + maker_of(winner) + " wins" +
                              (winner.lever == nullptr ? "" : ", because it stands later"),
                          "Let one of them scale it or add to it.");
        break;
      }
    }
  }

  bool has_dates() const {
    return std::any_of(steps_.begin(), steps_.end(), [](const Step& step) { return step.dated; });
  }

  /// A policy that may open, with what it changes.
  struct Policy {
    std::uint32_t row = 0;
    PolicySpec spec;
    std::vector<LeverChange> changes;
  };

  void note_policies(Context& context) {
    policies_.clear();
    for (std::uint32_t row = 0; row < context.model.policies.size(); ++row)
      if (context.model.policies[row].is_on)
        policies_.push_back({row, context.model.policies[row], context.policy_changes[row]});
  }

  /// As they are while the policy is open: on top of all else.
  static std::vector<Step> with_policy(std::vector<Step> steps, const Policy& policy) {
    for (const LeverChange& change : policy.changes)
      steps.push_back(
          {.change = change.change, .strength = 1.0, .lever = nullptr, .from = change.from, .policy = &policy.spec});
    return steps;
  }

  /// Keeps beside each number what it is while a policy is open.
  template <class Open>
  bool switch_numbers(std::vector<NumberLog::Entry>& numbers, Open open) {
    const std::vector<Policy> policies = policies_;  // further readings note them again
    bool good = true;
    for (const Policy& policy : policies) {
      Problems found;
      const auto under = open(policy, found);
      for (Problem& problem : found.sorted())
        if (problem.severity == Severity::error) problems_.add(std::move(problem));
      std::vector<Undatable> bad;
      if (under && add_switched(numbers, *under, policy.row, policy.changes, bad) == 0)
        problems_.warning(policy.spec.at, code("policy-useless"), "policies." + policy.spec.id, "changes nothing",
                          "every number is the same with it as without");
      for (const Undatable& one : bad) refuse_switch(policy, one);
      good = good && under && bad.empty();
    }
    return good;
  }

  void refuse_switch(const Policy& policy, const Undatable& bad) {
    const LeverChange* cause = &policy.changes.front();
    for (const LeverChange& change : policy.changes)
      if (is_within(bad.number.path, change.change.path) || is_within(change.change.path, bad.number.path))
        cause = &change;
    problems_.error(cause->change.at, code("policy-fixed"), "policies." + policy.spec.id + ".changes",
                    "cannot switch " + bad.number.path, bad.why,
                    "A policy can change capacities, rates, shares, lengths and limits.");
  }

  std::optional<Model> read_joined(const std::vector<Step>& steps, std::vector<NumberLog::Entry> numbers) {
    const auto switched = switched_in(numbers);
    NumberLog joined{std::move(numbers)};
    std::optional<Model> model = read(steps, &joined, problems_);
    if (model) model->switched = switched;
    return model;
  }

  /// Reads the rows with every step at its strength.
  std::optional<Model> read(const std::vector<Step>& steps, NumberLog* log, Problems& problems) {
    const std::size_t errors_before = problems.error_count();
    std::set<const Step*> felt;
    std::optional<ParameterTable> changed;
    if (std::any_of(steps.begin(), steps.end(),
                    [](const Step& step) { return step.change.path.rfind("parameters.", 0) == 0; }))
      changed = change_parameters(parameters_, steps, felt, problems);
    const ParameterTable& parameters = changed ? *changed : parameters_;
    ChangePlan plan = plan_changes(document_, steps, parameters, problems);
    Context context{plan.rows, limits_, parameters, problems};
    context.adjustments = std::move(plan.adjustments);
    context.felt = std::move(plan.felt);
    context.felt.merge(felt);
    context.log = log;
    read_all(context, plan.replaced);
    check_all(context);
    if (problems.error_count() > errors_before) return std::nullopt;
    take_names(context);
    note_policies(context);
    if (log == nullptr || !log->replaces()) tell_useless(context, steps);
    return std::move(context.model);
  }

  void tell_useless(const Context& context, const std::vector<Step>& steps) {
    std::set<std::string, std::less<>> used;
    for (const ParameterWords& parameter : context.model.parameters)
      if (parameter.used) used.insert(parameter.id);
    for (const Step& step : steps) {
      if (step.lever == nullptr || step.strength == 0.0) continue;
      const std::string address = plain_address(step.change.path);
      const bool is_parameter = address.rfind("parameters.", 0) == 0;
      const bool is_used = !is_parameter || used.contains(std::string_view{address}.substr(11));
      if (context.felt.contains(&step) && is_used) continue;
      if (overruled(step, steps)) continue;  // told as a fight
      context.problems.warning(
          step.change.at, code("lever-useless"), "levers." + step.lever->id,
          "changes nothing: " + address + (is_used ? " has that value already" : " is used by no number of the model"),
          is_used ? "the model says the same without the lever" : "a parameter matters where a formula names it");
    }
  }

  static bool overruled(const Step& step, const std::vector<Step>& steps) {
    if (step.change.kind != Change::Kind::set) return false;
    return std::any_of(steps.begin() + (&step - steps.data()) + 1, steps.end(), [&](const Step& later) {
      return later.change.kind == Change::Kind::set &&
             is_within(plain_address(step.change.path), plain_address(later.change.path));
    });
  }

  std::optional<LeverTiming> timing_of(const LeverInUse& lever, Context& context) {
    const std::string path = "levers." + levers_[lever.lever].id;
    LeverTiming timing{.strength = lever.strength, .starts = -std::numeric_limits<double>::infinity(), .ramp = 0.0};
    if (!lever.starts) return timing;
    const auto starts = read_instant(context, *lever.starts, path + ".starts");
    std::optional<double> ramp = 0.0;
    if (lever.ramp)
      ramp = read_scalar(context, *lever.ramp, path + ".ramp",
                         {.dimension = kDuration, .range = Range::between(0.0, limits_.horizon_days)});
    if (!starts || !ramp) return std::nullopt;
    timing.starts = *starts;
    timing.ramp = *ramp;
    if (lever.strength == 0.0) return timing;
    const double first = -context.model.warmup_days, last = context.model.horizon_days;
    if (timing.starts >= last)
      problems_.warning(lever.starts->at, code("lever-date"), path + ".starts", "lies after the end of the run",
                        "results end " + shown_duration(last) + " after the start: the lever never acts");
    else if (timing.starts < first - kDaySlack)
      problems_.warning(lever.starts->at, code("lever-date"), path + ".starts", "lies before the beginning of the run",
                        "the run begins " +
                            (first < 0.0 ? shown_duration(-first) + " before the start of results"
                                         : std::string{"at the start of results"}) +
                            (timing.starts + timing.ramp > first ? ": a part of its ramp is over by then"
                                                                 : ": the lever acts over all of it"));
    else if (timing.starts + timing.ramp > last)
      problems_.warning(
          lever.ramp->at, code("lever-date"), path + ".ramp", "goes on after the end of the run",
          "results end " + shown_duration(last) + " after the start: the lever never has its full strength");
    return timing;
  }

  /// Once for every set of strengths that the levers have during the run, and once more with the numbers joined.
  std::optional<Model> build_dated() {
    Problems ignored;
    const std::optional<Model> before = read(with_strengths({}), nullptr, ignored);
    if (!before) {  // what is wrong is wrong without the levers
      read(with_strengths({}), nullptr, problems_);
      return std::nullopt;
    }
    const ChangedRows rows{document_};
    Context context{rows, limits_, parameters_, problems_};
    context.model.start_year = before->start_year;
    context.model.start_month = before->start_month;
    context.model.start_day = before->start_day;
    context.model.warmup_days = before->warmup_days;
    context.model.horizon_days = before->horizon_days;
    std::vector<LeverTiming> timings;
    for (const LeverInUse& lever : in_use_) {
      const auto timing = timing_of(lever, context);
      if (!timing) return std::nullopt;
      timings.push_back(*timing);
    }
    return build_along(timeline_of(timings, -before->warmup_days, before->horizon_days));
  }

  /// The numbers of every set of strengths, with the changes of one policy.
  std::optional<std::vector<NumberLog::Entry>> numbers_along(const Timeline& timeline, const Policy& policy,
                                                             Problems& found) {
    std::vector<NumberLog> logs;
    for (const std::vector<double>& strengths : timeline.strengths)
      if (!read(with_policy(with_strengths(strengths), policy), &logs.emplace_back(), found)) return std::nullopt;
    std::vector<Undatable> bad;
    std::vector<NumberLog::Entry> numbers = join_numbers(logs, timeline, bad);
    for (const Undatable& one : bad) refuse_switch(policy, one);
    if (!bad.empty()) return std::nullopt;
    return numbers;
  }

  std::optional<Model> build_along(const Timeline& timeline) {
    std::vector<NumberLog> logs;
    std::vector<std::vector<Step>> steps;
    for (const std::vector<double>& strengths : timeline.strengths) steps.push_back(with_strengths(strengths));
    for (std::size_t i = steps.size(); i-- > 0;) {  // the last has the most to tell
      Problems found;
      logs.emplace(logs.begin());
      const auto model = read(steps[i], &logs.front(), found);
      for (Problem& problem : found.sorted())
        if (problem.severity == Severity::error || (i + 1 == steps.size() && problem.code.text() == "lever-useless"))
          problems_.add(std::move(problem));
      if (!model) return std::nullopt;
    }
    std::vector<Undatable> bad;
    std::vector<NumberLog::Entry> numbers = join_numbers(logs, timeline, bad);
    for (const Undatable& one : bad) refuse_date(one);
    if (!bad.empty()) return std::nullopt;
    const auto open = [&](const Policy& policy, Problems& found) { return numbers_along(timeline, policy, found); };
    if (!switch_numbers(numbers, open)) return std::nullopt;
    return read_joined(steps[timeline.knots.front().after], std::move(numbers));
  }

  void refuse_date(const Undatable& bad) {
    const Step* cause = nullptr;
    for (const Step& step : steps_)
      if (step.dated && (cause == nullptr || is_within(bad.number.path, step.change.path) ||
                         is_within(step.change.path, bad.number.path)))
        cause = &step;
    problems_.error(cause->change.at, code("lever-undated"), "levers." + cause->lever->id,
                    "cannot act from a date on: " + bad.number.path + " would change during the run", bad.why,
                    "Let the lever act over the whole run: leave `starts` out.");
  }

  /// The steps when the levers have these strengths, by their rows in `in_use_`; empty: those with dates do nothing.
  std::vector<Step> with_strengths(const std::vector<double>& strengths) const {
    std::vector<Step> made = steps_;
    for (Step& step : made)
      if (step.dated) step.strength = strengths.empty() ? 0.0 : strengths[step.timing];
    return made;
  }

  const Document& document_;
  const ParameterTable& parameters_;
  const std::vector<LeverSpec>& levers_;
  const Limits& limits_;
  Problems& problems_;
  std::vector<LeverInUse> in_use_;
  std::vector<Step> steps_;
  std::vector<Policy> policies_;  ///< of the last reading
};

std::optional<Model> build_read(const Document& document, const ReadOptions& options, Problems& problems,
                                std::size_t errors_before) {
  if (problems.error_count() > errors_before && rows_are_missing(problems)) return std::nullopt;
  std::optional<Model> model = build_model(document, {}, options, problems);
  if (problems.error_count() > errors_before) return std::nullopt;
  return model;
}

}  // namespace

struct ReadyModel::Parts {
  ReadOptions options;
  Document document;
  ParameterTable parameters;
  std::vector<LeverSpec> levers;
  bool is_sound = true;
  mutable std::once_flag written_once;
  mutable std::optional<Model> written;  ///< the model without changes, where it was asked for
};

ReadyModel::ReadyModel(const Document& document, const ReadOptions& options, Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  parts->document = with_all_tables(document, problems);
  write_out_staffing(parts->document, problems);
  check_fields(parts->document, problems);
  write_out_short_routes(parts->document, problems);
  parts->parameters = read_parameters(parts->document.find("parameters"), options.limits, problems);
  parts->levers = read_levers(parts->document, options.limits, problems);
  parts->is_sound = problems.error_count() == errors_before;
  parts_ = std::move(parts);
}

ReadyModel::~ReadyModel() = default;
ReadyModel::ReadyModel(ReadyModel&&) noexcept = default;
ReadyModel& ReadyModel::operator=(ReadyModel&&) noexcept = default;

std::optional<Model> ReadyModel::build(std::span<const Change> changes, Problems& problems) const {
  const std::size_t errors_before = problems.error_count();
  VariantBuilder builder{parts_->document, parts_->parameters, parts_->levers, parts_->options.limits, problems};
  std::optional<Model> model = builder.build(changes);
  if (!parts_->is_sound || !model || problems.error_count() > errors_before) return std::nullopt;
  if (model->population_scale != 1.0) settle_part(changes, *model, problems);
  return model;
}

/// What a scenario leaves alone is rounded as it is without it.
void ReadyModel::settle_part(std::span<const Change> changes, Model& model, Problems& problems) const {
  if (changes.empty()) return settle_rounding(model, model);
  std::call_once(parts_->written_once, [&] {
    Problems already_told;
    parts_->written =
        VariantBuilder{parts_->document, parts_->parameters, parts_->levers, parts_->options.limits, already_told}
            .build({});
  });
  settle_rounding(model, parts_->written ? *parts_->written : model);
  if (parts_->written) tell_hidden_changes(model, *parts_->written, changes, problems);
}

std::optional<Model> build_model(const Document& document, std::span<const Change> changes, const ReadOptions& options,
                                 Problems& problems) {
  return ReadyModel{document, options, problems}.build(changes, problems);
}

std::optional<Model> read_model(const std::filesystem::path& path, const ReadOptions& options, Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  const Document document = read_document(path, options.limits, problems);
  return build_read(document, options, problems, errors_before);
}

std::optional<Model> read_model_text(std::string_view toml, std::string file_name, const ReadOptions& options,
                                     Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  const Document document = read_toml_text(toml, file_name, options.limits, problems);
  return build_read(document, options, problems, errors_before);
}

}  // namespace tl
