#include "analysis/suppression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "sim/expects.hpp"

namespace tl {
namespace {

constexpr std::size_t kMostUnknowns =
    400;                           ///< above it the equations take too long: all of the finest cells are hidden
constexpr double kNothing = 1e-9;  ///< in sums of a few hundred numbers that are 0, 1 or -1

/// Rows of equations in echelon form: what can be worked out is a combination of them.
class Known {
 public:
  explicit Known(std::size_t unknowns) : unknowns_{unknowns} {}

  void add(std::vector<double> equation) {
    reduce(equation);
    const auto lead = std::find_if(equation.begin(), equation.end(), is_there);
    if (lead == equation.end()) return;
    const double by = *lead;
    for (double& factor : equation) factor /= by;
    leads_.push_back(static_cast<std::size_t>(lead - equation.begin()));
    equations_.push_back(std::move(equation));
  }
  /// Whether the sum follows from the equations.
  bool gives(std::vector<double> sum) const {
    reduce(sum);
    return std::none_of(sum.begin(), sum.end(), is_there);
  }
  std::size_t unknowns() const { return unknowns_; }

 private:
  static bool is_there(double factor) { return std::abs(factor) > kNothing; }
  void reduce(std::vector<double>& sum) const {
    for (std::size_t e = 0; e < equations_.size(); ++e) {
      const double by = sum[leads_[e]];
      if (!is_there(by)) continue;
      for (std::size_t i = leads_[e]; i < unknowns_; ++i) sum[i] -= by * equations_[e][i];
      sum[leads_[e]] = 0.0;
    }
  }
  std::size_t unknowns_;
  std::vector<std::vector<double>> equations_;
  std::vector<std::size_t> leads_;
};

class Hiding {
 public:
  Hiding(const CountTable& table, const std::vector<Shown>& before) : table_{table} {
    TL_EXPECTS(before.empty() || before.size() == table.scopes.size() * table.groups);
    shown_.assign(table.scopes.size() * table.groups, Shown::shown);
    least_.resize(shown_.size());
    for (std::size_t s = 0; s < table.scopes.size(); ++s)
      for (std::size_t g = 0; g < table.groups; ++g) {
        least_[cell(s, g)] = table.least(s, g);
        if (!before.empty()) shown_[cell(s, g)] = before[cell(s, g)];
        if (least_[cell(s, g)] < kLeastShown && somebody_in(s)) shown_[cell(s, g)] = Shown::small;
      }
    find_parts();
  }

  std::vector<Shown> run() {
    do
      while (close_rows() || close_columns()) {
      }
    while (close_equations());
    return shown_;
  }

 private:
  std::size_t cell(std::size_t scope, std::size_t group) const { return scope * table_.groups + group; }
  bool is_hidden(std::size_t scope, std::size_t group) const { return shown_[cell(scope, group)] != Shown::shown; }

  /// Where everybody's count is 0, each group's is known to be 0.
  bool somebody_in(std::size_t scope) const {
    for (std::size_t layer = 0; layer < table_.layers.size(); ++layer) {
      double all = 0.0;
      for (std::size_t g = 0; g < table_.groups; ++g) all += table_.count(layer, scope, g);
      if (all > table_.nobody) return true;
    }
    return false;
  }

  /// Scopes that together are exactly another one: settings of a department, departments of the whole.
  void find_parts() {
    for (std::size_t whole = 0; whole < table_.scopes.size(); ++whole) {
      std::vector<std::size_t> settings;
      for (std::size_t s = 0; s < table_.scopes.size(); ++s)
        if (table_.scopes[s].size() == 1 && s != whole && holds(whole, s)) settings.push_back(s);
      if (!settings.empty()) parts_.emplace_back(whole, std::move(settings));
    }
  }
  bool holds(std::size_t whole, std::size_t part) const {
    const auto &all = table_.scopes[whole], &some = table_.scopes[part];
    return std::all_of(some.begin(), some.end(),
                       [&](std::uint32_t row) { return std::find(all.begin(), all.end(), row) != all.end(); });
  }

  /// Whether what these cells hide together is too little in some layer.
  bool too_little(std::span<const std::pair<std::size_t, std::size_t>> cells) const {
    for (std::size_t layer = 0; layer < table_.layers.size(); ++layer) {
      double sum = 0.0;
      for (const auto& [s, g] : cells) sum += table_.count(layer, s, g);
      if (sum < kLeastShown) return true;
    }
    return false;
  }

  using Cells = std::vector<std::pair<std::size_t, std::size_t>>;
  /// Of those that hide something: where nobody is, each group's 0 is known.
  std::optional<std::pair<std::size_t, std::size_t>> smallest_shown(const Cells& among) const {
    std::optional<std::pair<std::size_t, std::size_t>> found;
    for (const auto& [s, g] : among)
      if (!is_hidden(s, g) && somebody_in(s) &&
          (!found || least_[cell(s, g)] < least_[cell(found->first, found->second)]))
        found = {s, g};
    return found;
  }
  bool hide_smallest(const Cells& among) {
    const auto found = smallest_shown(among);
    if (found) shown_[cell(found->first, found->second)] = Shown::protects;
    return found.has_value();
  }
  Cells hidden_of(const Cells& all) const {
    Cells hidden;
    for (const auto& [s, g] : all)
      if (is_hidden(s, g)) hidden.emplace_back(s, g);
    return hidden;
  }

  /// Everybody's count less the groups shown.
  bool close_rows() {
    bool changed = false;
    for (std::size_t s = 0; s < table_.scopes.size(); ++s) {
      Cells row;
      for (std::size_t g = 0; g < table_.groups; ++g) row.emplace_back(s, g);
      const Cells hidden = hidden_of(row);
      if (hidden.empty() || (hidden.size() > 1 && !too_little(hidden))) continue;
      changed = hide_smallest(row) || changed;
    }
    return changed;
  }

  /// A department's count less those of its settings shown.
  bool close_columns() {
    bool changed = false;
    for (const auto& [whole, settings] : parts_)
      for (std::size_t g = 0; g < table_.groups; ++g) {
        if (is_hidden(whole, g)) continue;
        Cells column;
        for (const std::size_t s : settings) column.emplace_back(s, g);
        const Cells hidden = hidden_of(column);
        if (hidden.empty() || (hidden.size() > 1 && !too_little(hidden))) continue;
        if (!hide_smallest(column)) shown_[cell(whole, g)] = Shown::protects;
        changed = true;
      }
    return changed;
  }

  /// The finest cells that are hidden are the unknowns; [row][group] -> number of the unknown.
  std::vector<std::optional<std::size_t>> unknowns(std::size_t& count) const {
    std::vector<std::optional<std::size_t>> numbers(table_.rows * table_.groups);
    std::vector<bool> is_open(numbers.size(), false);  // rows that no scope shows by themselves are unknown as well
    for (const auto& scope : table_.scopes)
      for (const std::uint32_t row : scope)
        for (std::size_t g = 0; g < table_.groups; ++g) is_open[row * table_.groups + g] = true;
    for (std::size_t s = 0; s < table_.scopes.size(); ++s)
      if (table_.scopes[s].size() == 1)
        for (std::size_t g = 0; g < table_.groups; ++g)
          if (!is_hidden(s, g)) is_open[table_.scopes[s].front() * table_.groups + g] = false;
    count = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (is_open[i]) numbers[i] = count++;
    return numbers;
  }
  std::vector<double> sum_of(std::size_t scope, std::size_t group,
                             const std::vector<std::optional<std::size_t>>& numbers, std::size_t count) const {
    std::vector<double> sum(count, 0.0);
    for (const std::uint32_t row : table_.scopes[scope])
      if (const auto number = numbers[row * table_.groups + group]) sum[*number] += 1.0;
    return sum;
  }

  /// All equations together: what they give must not be a small cell.
  bool close_equations() {
    std::size_t count = 0;
    const auto numbers = unknowns(count);
    if (count > kMostUnknowns) return hide_finest();
    Known known{count};
    for (std::size_t s = 0; s < table_.scopes.size(); ++s) {
      std::vector<double> everybody(count, 0.0);
      for (std::size_t g = 0; g < table_.groups; ++g) {
        const std::vector<double> sum = sum_of(s, g, numbers, count);
        for (std::size_t i = 0; i < count; ++i) everybody[i] += sum[i];
        if (!is_hidden(s, g)) known.add(sum);
      }
      known.add(std::move(everybody));
    }
    for (std::size_t s = 0; s < table_.scopes.size(); ++s)
      for (std::size_t g = 0; g < table_.groups; ++g)
        if (shown_[cell(s, g)] == Shown::small && known.gives(sum_of(s, g, numbers, count)) && help(s, g)) return true;
    return false;
  }

  /// Hides the smallest cell that stands in an equation with this one: in the same setting, department, domain or
  /// level, or one of these as a sum; else any.
  bool help(std::size_t scope, std::size_t group) {
    Cells near, far;
    for (std::size_t s = 0; s < table_.scopes.size(); ++s) {
      const bool is_near = s == scope || (!is_whole(s) && (holds(s, scope) || share_a_part(s, scope)));
      for (std::size_t g = 0; g < table_.groups; ++g)
        if (is_near || g == group) (is_near ? near : far).emplace_back(s, g);
    }
    return hide_smallest(near) || hide_smallest(far);
  }
  bool is_whole(std::size_t scope) const { return table_.scopes[scope].size() == table_.rows; }
  bool share_a_part(std::size_t a, std::size_t b) const {
    for (std::size_t part = 0; part < table_.scopes.size(); ++part)
      if (!is_whole(part) && holds(part, a) && holds(part, b)) return true;
    return false;
  }

  bool hide_finest() {
    bool changed = false;
    for (std::size_t s = 0; s < table_.scopes.size(); ++s)
      for (std::size_t g = 0; g < table_.groups; ++g) {
        if (is_whole(s) || is_hidden(s, g)) continue;
        shown_[cell(s, g)] = Shown::protects;
        changed = true;
      }
    return changed;
  }

  const CountTable& table_;
  std::vector<Shown> shown_;
  std::vector<double> least_;
  std::vector<std::pair<std::size_t, std::vector<std::size_t>>> parts_;
};

}  // namespace

double CountTable::count(std::size_t layer, std::size_t scope, std::size_t group) const {
  double sum = 0.0;
  for (const std::uint32_t row : scopes[scope]) sum += layers[layer][row * groups + group];
  return sum;
}

double CountTable::least(std::size_t scope, std::size_t group) const {
  double found = std::numeric_limits<double>::infinity();
  for (std::size_t layer = 0; layer < layers.size(); ++layer) found = std::min(found, count(layer, scope, group));
  return found;
}

std::vector<Shown> suppressed(const CountTable& table, const std::vector<Shown>& before) {
  return Hiding{table, before}.run();
}

}  // namespace tl
