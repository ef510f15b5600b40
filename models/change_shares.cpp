#include <algorithm>
#include <cmath>
#include <map>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

// Shares of routes: who takes more takes it from somebody.
namespace tl::reading {
namespace {

constexpr double kSlack = 1e-12;  ///< what binary fractions leave of 1 - 0.9 - 0.1

void refuse(Problems& problems, const Step& step, std::string text, std::string why, std::string hint = "") {
  problems.error(step.change.at, code("change-share"), step.change.path, std::move(text), std::move(why),
                 std::move(hint));
}

std::string text_in(const Row& row, const char* name) {
  const Cell* cell = row.find(name);
  return cell == nullptr ? std::string{} : cell->text;
}

bool takes_rest(const Row& row) {
  const Cell* share = row.find("share");
  return share == nullptr || (share->is_text() && share->text == "otherwise");
}

/// A share that is one number, without exceptions and dates.
bool is_plain(const Row& row) {
  const Cell* share = row.find("share");
  return share != nullptr && !share->is_table() && !takes_rest(row);
}

Cell share_cell(double share, const Cell& before) {
  Cell cell;
  cell.kind = Cell::Kind::number;
  cell.number = share;
  cell.text = shown(share);
  cell.at = before.at;
  cell.key_at = before.key_at;
  return cell;
}

/// The ways out of one place, and what changes them.
class ShareChanger {
 public:
  ShareChanger(ChangePlan& plan, const Table& routes, const std::vector<std::string>& ids,
               const ParameterTable& parameters, Problems& problems)
      : plan_{plan}, routes_{routes}, ids_{ids}, parameters_{parameters}, problems_{problems} {}

  /// @param rows   the ways with one origin  @param steps  by row: what changes it
  void change(const std::vector<std::size_t>& rows, const std::map<std::size_t, std::vector<const Step*>>& steps) {
    rows_ = rows;
    has_rest_ = std::any_of(rows.begin(), rows.end(), [&](std::size_t row) { return takes_rest(routes_.rows[row]); });
    good_ = true;
    given_.clear();
    pool_ = 0.0;
    std::map<std::size_t, double> wanted;
    for (const auto& [row, all] : steps) {
      if (takes_rest(routes_.rows[row])) {
        good_ = false;
        for (const Step* step : all)
          refuse(problems_, *step, "cannot be changed",
                 "the route takes the remainder, which follows from the other shares",
                 "Change the shares of the others.");
        continue;
      }
      const bool names_routes =
          std::any_of(all.begin(), all.end(), [](const Step* step) { return !step->from.empty(); });
      if (has_rest_ && !names_routes)
        leave_to_number(row, all);
      else if (const auto share = changed_share(row, all))
        wanted.emplace(row, *share);
    }
    if (good_ && !wanted.empty()) balance(wanted, steps);
  }

 private:
  /// The remainder follows by itself: the share is changed like any number.
  void leave_to_number(std::size_t row, const std::vector<const Step*>& all) {
    for (const Step* step : all) {
      if (step->change.kind != Change::Kind::set || is_in_part(*step)) {
        plan_.adjustments[step->change.path].push_back(step);
        continue;
      }
      const auto before = share_of(row, *step);
      const auto after = share_in(step->change.value, Range::share(), *step);
      plan_.replaced.push_back(step->change.path);
      Cell cell = step->change.value;
      *plan_.rows.change("routes")->rows[row].find("share") = std::move(cell);
      if (!before || !after || *before != *after) plan_.felt.insert(step);
    }
  }

  std::optional<double> share_in(const Cell& cell, const Range& range, const Step& step) {
    if (cell.is_table()) return std::nullopt;
    const auto number = read_number(cell, kPlain, range, step.change.path, parameters_, problems_);
    return number ? std::optional{number->value} : std::nullopt;
  }
  /// As the model writes it; nullopt where it varies.
  std::optional<double> share_of(std::size_t row, const Step& step) {
    if (const auto known = written_.find(row); known != written_.end()) return known->second;
    const Row& route = routes_.rows[row];
    if (!is_plain(route)) return std::nullopt;
    const auto share = share_in(*route.find("share"), Range::share(), step);
    if (share) written_.emplace(row, *share);
    return share;
  }

  bool check_plain(std::size_t row, const Step& step) {
    bool plain = is_plain(routes_.rows[row]);
    for (const std::size_t other : rows_) {
      const bool same = text_in(routes_.rows[other], "when") == text_in(routes_.rows[row], "when");
      if (step.from.empty()) plain = plain && same && is_plain(routes_.rows[other]);
    }
    if (!plain) {
      good_ = false;
      refuse(problems_, step, "cannot be changed",
             step.from.empty()
                 ? "the routes of this setting depend on conditions or dates, and none takes the remainder"
                 : "the share depends on conditions or dates, so nothing can be taken from one route for it",
             step.from.empty() ? "Give one route share = \"otherwise\"." : "Leave `from` out, or change the base.");
    }
    return plain;
  }

  /// The routes that a change names, by row; empty, with a problem, when one of them cannot give.
  std::vector<std::size_t> named(std::size_t row, const Step& step) {
    std::vector<std::size_t> found;
    for (const Cell& cell : step.from) {
      const auto at = std::find(ids_.begin(), ids_.end(), cell.text);
      const auto other = static_cast<std::size_t>(at - ids_.begin());
      const bool there = at != ids_.end() && std::find(rows_.begin(), rows_.end(), other) != rows_.end();
      const std::string field = "levers." + (step.lever == nullptr ? "" : step.lever->id) + ".from";
      if (!there || other == row) {
        std::vector<std::string> near;
        for (const std::size_t one : rows_)
          if (one != row) near.push_back(ids_[one]);
        std::string hint = did_you_mean(cell.text, near);
        problems_.error(cell.at, code("lever-from"), field,
                        there ? "is the route that is changed" : "no way out of there is called \"" + cell.text + '"',
                        "what " + step.change.path + " gains or loses goes from or to another route of that setting",
                        hint.empty() ? "There are: " + listed(near) + '.' : hint);
        good_ = false;
      } else if (!is_plain(routes_.rows[other]) ||
                 text_in(routes_.rows[other], "when") != text_in(routes_.rows[row], "when")) {
        problems_.error(cell.at, code("lever-from"), field, "\"" + cell.text + "\" cannot give or take",
                        takes_rest(routes_.rows[other]) ? "it takes the remainder, which follows by itself"
                                                        : "it depends on other conditions or dates",
                        takes_rest(routes_.rows[other]) ? "Leave `from` out." : "");
        good_ = false;
      } else {
        found.push_back(other);
      }
    }
    return found;
  }

  /// What a route gets is taken from those the change names, or else from all that are not changed.
  void charge(std::size_t row, const Step& step, double gain) {
    if (step.from.empty()) {
      pool_ += gain;
      pool_step_ = &step;
      return;
    }
    const std::vector<std::size_t> givers = named(row, step);
    double sum = 0.0;
    for (const std::size_t giver : givers) sum += share_of(giver, step).value_or(0.0);
    for (const std::size_t giver : givers) {
      const double part =
          sum > 0.0 ? share_of(giver, step).value_or(0.0) / sum : 1.0 / static_cast<double>(givers.size());
      given_[giver].first -= gain * part;
      given_[giver].second = &step;
    }
  }

  std::optional<double> changed_share(std::size_t row, const std::vector<const Step*>& all) {
    for (const Step* step : all)
      if (!check_plain(row, *step)) return std::nullopt;
    const NumberSteps steps = in_order(all);
    const auto written = share_of(row, *steps.last);
    if (!written) return bad();
    double share = *written;
    const auto go_to = [&](double next, const Step& step) {
      if (next != share) plan_.felt.insert(&step);
      charge(row, step, next - share);
      share = next;
    };
    if (steps.set != nullptr && is_in_part(*steps.set))
      for (const Step* start : all) {  // the scenario's own, which the lever goes on from
        if (start->change.kind != Change::Kind::set || start->lever != nullptr) continue;
        const auto to = share_in(start->change.value, Range::share(), *start);
        if (!to) return bad();
        go_to(*to, *start);
      }
    if (steps.set != nullptr) {
      const auto to = share_in(steps.set->change.value, Range::share(), *steps.set);
      if (!to) return bad();
      go_to(steps.set->strength == 1.0 ? *to : share + steps.set->strength * (*to - share), *steps.set);
    }
    std::vector<std::pair<double, const Step*>> factors, parts;
    for (const Step* step : steps.scales) {
      const auto by = share_in(step->change.value, Range::between(0.0, 1e6), *step);
      const auto factor = by ? factor_of(*step, *by, problems_) : std::nullopt;
      if (!factor) return bad();
      factors.emplace_back(*factor, step);
    }
    for (const Step* step : steps.adds) {
      const auto by = share_in(step->change.value, Range::between(-1e6, 1e6), *step);
      if (!by) return bad();
      parts.emplace_back(step->strength * *by, step);
    }
    std::sort(factors.begin(), factors.end());
    std::sort(parts.begin(), parts.end());
    for (const auto& [by, step] : factors) go_to(share * by, *step);
    for (const auto& [by, step] : parts) go_to(share + by, *step);
    return share;
  }

  std::nullopt_t bad() {
    good_ = false;
    return std::nullopt;
  }

  bool check_range(std::size_t row, double share, const Step& step) {
    if (share >= -kSlack && share <= 1.0 + kSlack) return true;
    const std::string which = "routes." + ids_[row] + ".share";
    refuse(problems_, step, (which == step.change.path ? "" : which + ' ') + "would become " + shown(share),
           "a share is from 0 to 1");
    good_ = false;
    return false;
  }

  void balance(std::map<std::size_t, double>& wanted, const std::map<std::size_t, std::vector<const Step*>>& steps) {
    std::map<std::size_t, double> result = wanted;
    for (const auto& [row, gift] : given_) {
      const auto at = result.find(row);
      const double share = (at == result.end() ? *share_of(row, *gift.second) : at->second) + gift.first;
      if (!check_range(row, share, *gift.second)) return;
      result[row] = share;
    }
    for (const auto& [row, share] : wanted)
      if (!check_range(row, result[row], *steps.at(row).back())) return;
    if (pool_ != 0.0 && !has_rest_ && !share_out(result)) return;
    Table& changed = *plan_.rows.change("routes");
    for (const auto& [row, share] : result) {
      Cell& cell = *changed.rows[row].find("share");
      cell = share_cell(std::clamp(share, 0.0, 1.0), cell);
    }
  }

  /// From all that no change is about, in proportion.
  bool share_out(std::map<std::size_t, double>& result) {
    double sum = 0.0;
    for (const std::size_t row : rows_)
      if (!result.contains(row)) sum += *share_of(row, *pool_step_);
    if (!(sum > 0.0) || sum - pool_ < -kSlack) {
      refuse(problems_, *pool_step_, "takes " + shown(pool_) + " too much",
             sum > 0.0 ? "all other routes of that setting have " + shown(sum) + " together"
                       : "no other route has a share to give or take",
             "Say by `from` which routes give or take, or change less.");
      good_ = false;
      return false;
    }
    for (const std::size_t row : rows_)
      if (!result.contains(row)) result.emplace(row, *share_of(row, *pool_step_) * std::max(sum - pool_, 0.0) / sum);
    return true;
  }

  ChangePlan& plan_;
  const Table& routes_;
  const std::vector<std::string>& ids_;
  const ParameterTable& parameters_;
  Problems& problems_;
  std::vector<std::size_t> rows_;
  bool has_rest_ = false, good_ = true;
  std::map<std::size_t, double> written_;
  std::map<std::size_t, std::pair<double, const Step*>> given_;  ///< what routes named in `from` give or take
  double pool_ = 0.0;                                            ///< what is taken from all others
  const Step* pool_step_ = nullptr;
};

}  // namespace

void change_shares(ChangePlan& plan, const std::vector<const Step*>& steps, const ParameterTable& parameters,
                   Problems& problems) {
  if (steps.empty()) return;
  const Table written = *plan.rows.find("routes");
  const std::vector<std::string> ids = route_ids(written);
  std::map<std::string, std::map<std::size_t, std::vector<const Step*>>> by_origin;
  for (const Step* step : steps) {
    const std::string id = step->change.path.substr(7, step->change.path.size() - 7 - 6);  // routes.ID.share
    const auto row = static_cast<std::size_t>(std::find(ids.begin(), ids.end(), id) - ids.begin());
    by_origin[text_in(written.rows[row], "from")][row].push_back(step);
  }
  ShareChanger changer{plan, written, ids, parameters, problems};
  for (const auto& [origin, by_row] : by_origin) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < written.rows.size(); ++row)
      if (text_in(written.rows[row], "from") == origin) rows.push_back(row);
    changer.change(rows, by_row);
  }
}

}  // namespace tl::reading
