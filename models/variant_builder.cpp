#include "models/variant_builder.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "models/lever_dates.hpp"
#include "models/part_reader.hpp"
#include "models/read_context.hpp"
#include "models/switched_numbers.hpp"

namespace tl::reading {
namespace {

constexpr double kDaySlack = 1e-9;  ///< [day]

/// A policy that may open, with what it changes.
struct Policy {
  std::uint32_t row = 0;
  PolicySpec spec;
  std::vector<LeverChange> changes;
};

/// Whether a later step sets the same number.
bool overruled(const Step& step, const std::vector<Step>& steps) {
  if (step.change.kind != Change::Kind::set) return false;
  return std::any_of(steps.begin() + (&step - steps.data()) + 1, steps.end(), [&](const Step& later) {
    return later.change.kind == Change::Kind::set &&
           is_within(plain_address(step.change.path), plain_address(later.change.path));
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
    return has_dates() && problems_.error_count() == errors_before ? build_dated() : build_undated();
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

  /// As they are while the policy is open: on top of all else.
  static std::vector<Step> with_policy(std::vector<Step> steps, const Policy& policy) {
    for (const LeverChange& change : policy.changes)
      steps.push_back(
          {.change = change.change, .strength = 1.0, .lever = nullptr, .from = change.from, .policy = &policy.spec});
    return steps;
  }

  /// Reads the rows with every step at its strength.
  std::optional<Reading> read(const std::vector<Step>& steps, NumberLog* log, Problems& problems) const {
    return read_whole({document_, parameters_, limits_}, steps, log, problems);
  }

  void note_policies(const Reading& reading) {
    for (std::uint32_t row = 0; row < reading.model.policies.size(); ++row)
      if (reading.model.policies[row].is_on)
        policies_.push_back({row, reading.model.policies[row], reading.policy_changes[row]});
  }

  std::optional<Model> build_undated() {
    NumberLog log;
    const bool may_switch = document_.find("policies") != nullptr;
    std::optional<Reading> reading = read(steps_, may_switch ? &log : nullptr, problems_);
    if (!reading) return std::nullopt;
    tell_useless(reading->model, steps_, reading->felt);
    note_policies(*reading);
    if (policies_.empty()) return std::move(reading->model);
    std::vector<NumberLog::Entry> numbers = log.entries();
    const auto open = [&](const Policy& policy, Problems& found) -> std::optional<std::vector<NumberLog::Entry>> {
      NumberLog under;
      if (!read(with_policy(steps_, policy), &under, found)) return std::nullopt;
      return under.entries();
    };
    if (!switch_numbers(numbers, open)) return std::nullopt;
    return read_joined(steps_, std::move(numbers));
  }

  /// Keeps beside each number what it is while a policy is open.
  template <class Open>
  bool switch_numbers(std::vector<NumberLog::Entry>& numbers, Open open) {
    bool good = true;
    for (const Policy& policy : policies_) {
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
    std::optional<Reading> reading = read(steps, &joined, problems_);
    if (!reading) return std::nullopt;
    reading->model.switched = switched;
    return std::move(reading->model);
  }

  /// @param felt  rows of steps that made a difference
  void tell_useless(const Model& model, const std::vector<Step>& steps, const std::set<std::size_t>& felt) {
    std::set<std::string, std::less<>> used;
    for (const ParameterWords& parameter : model.parameters)
      if (parameter.used) used.insert(parameter.id);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      if (step.lever == nullptr || step.strength == 0.0) continue;
      const std::string address = plain_address(step.change.path);
      const bool is_parameter = address.rfind("parameters.", 0) == 0;
      const bool is_used = !is_parameter || used.contains(std::string_view{address}.substr(11));
      if (felt.contains(i) && is_used) continue;
      if (overruled(step, steps)) continue;  // told as a fight
      problems_.warning(
          step.change.at, code("lever-useless"), "levers." + step.lever->id,
          "changes nothing: " + address + (is_used ? " has that value already" : " is used by no number of the model"),
          is_used ? "the model says the same without the lever" : "a parameter matters where a formula names it");
    }
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

  /// All rows once without the levers that have dates; what those reach once for every set of strengths that they have
  /// during the run; and all rows once more with the numbers joined.
  std::optional<Model> build_dated() {
    Problems found;
    NumberLog log;
    std::optional<Reading> before = read(with_strengths({}), &log, found);
    if (!before) {  // what is wrong is wrong without the levers
      for (Problem& problem : found.sorted()) problems_.add(std::move(problem));
      return std::nullopt;
    }
    const ChangedRows rows{document_};
    Context context{rows, limits_, parameters_, problems_};
    context.model.start_year = before->model.start_year;
    context.model.start_month = before->model.start_month;
    context.model.start_day = before->model.start_day;
    context.model.warmup_days = before->model.warmup_days;
    context.model.horizon_days = before->model.horizon_days;
    std::vector<LeverTiming> timings;
    for (const LeverInUse& lever : in_use_) {
      const auto timing = timing_of(lever, context);
      if (!timing) return std::nullopt;
      timings.push_back(*timing);
    }
    note_policies(*before);
    return build_along(timeline_of(timings, -before->model.warmup_days, before->model.horizon_days), *before,
                       log.entries());
  }

  std::optional<Model> build_along(const Timeline& timeline, Reading& before,
                                   const std::vector<NumberLog::Entry>& without) {
    PartReader part{{document_, parameters_, limits_}, with_strengths({}), before, without};
    std::set<std::size_t> felt;
    const auto logs = part.read(timeline.strengths, felt, problems_);
    if (!logs) return std::nullopt;
    felt.insert(before.felt.begin(), before.felt.end());
    tell_useless(before.model, with_strengths(timeline.strengths.back()), felt);  // it has the most to tell
    std::vector<Undatable> bad;
    std::vector<NumberLog::Entry> numbers = part.in_whole(without, join_numbers(*logs, timeline, bad));
    for (const Undatable& one : bad) refuse_date(one);
    if (!bad.empty()) return std::nullopt;
    const std::vector<NumberLog::Entry> unswitched = policies_.empty() ? std::vector<NumberLog::Entry>{} : numbers;
    const auto open = [&](const Policy& policy, Problems& found) {
      return numbers_along(timeline, policy, before, without, unswitched, found);
    };
    if (!switch_numbers(numbers, open)) return std::nullopt;
    return read_joined(with_strengths(timeline.strengths[timeline.knots.front().after]), std::move(numbers));
  }

  /// The numbers of every set of strengths, with the changes of one policy.
  std::optional<std::vector<NumberLog::Entry>> numbers_along(const Timeline& timeline, const Policy& policy,
                                                             Reading& before,
                                                             const std::vector<NumberLog::Entry>& without,
                                                             const std::vector<NumberLog::Entry>& unswitched,
                                                             Problems& found) {
    PartReader part{{document_, parameters_, limits_}, with_policy(with_strengths({}), policy), before, without};
    std::set<std::size_t> felt;
    const auto logs = part.read(timeline.strengths, felt, found);
    if (!logs) return std::nullopt;
    std::vector<Undatable> bad;
    std::vector<NumberLog::Entry> numbers = join_numbers(*logs, timeline, bad);
    for (const Undatable& one : bad) refuse_switch(policy, one);
    if (!bad.empty()) return std::nullopt;
    return part.in_whole(unswitched, std::move(numbers));
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
    set_strengths(made, strengths);
    return made;
  }

  const Document& document_;
  const ParameterTable& parameters_;
  const std::vector<LeverSpec>& levers_;
  const Limits& limits_;
  Problems& problems_;
  std::vector<LeverInUse> in_use_;
  std::vector<Step> steps_;
  std::vector<Policy> policies_;
};

}  // namespace

std::optional<Model> build_variant(const Document& document, const ParameterTable& parameters,
                                   const std::vector<LeverSpec>& levers, const Limits& limits,
                                   std::span<const Change> changes, Problems& problems) {
  return VariantBuilder{document, parameters, levers, limits, problems}.build(changes);
}

}  // namespace tl::reading
