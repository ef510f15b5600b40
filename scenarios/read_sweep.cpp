#include "scenarios/read_sweep.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "models/suggest.hpp"
#include "models/table_reader.hpp"
#include "scenarios/scenario_messages.hpp"
#include "scenarios/study_fields.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kScenarioMessages, text);
}

const std::vector<std::string> kSweepFields{"design",       "over",  "points",  "base",
                                            "replications", "every", "metrics", "file"};
const std::vector<std::string> kFactorFields{"low", "high", "steps", "values", "scale"};
const std::vector<std::string> kUncertainFields{"draws", "parameters", "replications", "every"};
const std::vector<std::string> kDesigns{"grid", "list", "latin_hypercube", "sobol", "one_at_a_time"};
constexpr double kMostCount = 10'000'000.0;

/// A table of the study, however it came in: as a head field, or as rows where all it holds are tables.
std::optional<Cell> section(const Document& study, const std::string& name) {
  if (const Cell* head = study.head.find(name)) return *head;
  if (const Table* table = study.find(name)) return cell_from_table(*table);
  return std::nullopt;
}

std::optional<std::uint32_t> count_of(const Cell& cell, const std::string& field, Problems& problems) {
  if (cell.is_number() && cell.number >= 1.0 && cell.number <= kMostCount && cell.number == std::floor(cell.number))
    return static_cast<std::uint32_t>(cell.number);
  problems.error(cell.at, code("sweep-count"), field, "is no number from 1 to 10,000,000",
                 "it says how many there are to be", "Write for instance 50");
  return std::nullopt;
}

std::vector<Cell> values_of(const Cell& cell) {
  return cell.is_list() ? cell.items : std::vector<Cell>{cell};
}

/// The leaves of a point: "settings.crt.capacity" whether written as one key or as tables within each other.
void add_leaves(const std::string& path, const Cell& cell, std::vector<std::pair<std::string, Cell>>& leaves) {
  if (!cell.is_table()) return leaves.emplace_back(path, cell), void();
  for (const auto& [name, inner] : cell.fields) add_leaves(path.empty() ? name : path + '.' + name, inner, leaves);
}

class SweepReader {
 public:
  SweepReader(const std::filesystem::path& folder, const Limits& limits, Problems& problems)
      : folder_{folder}, limits_{limits}, problems_{problems} {}

  std::optional<SweepSpec> read(const Cell& sweep) {
    const std::size_t errors = problems_.error_count();
    spec_.at = sweep.key_at;
    if (!sweep.is_table()) {
      problems_.error(sweep.at, code("study-kind"), "sweep", "is no table of fields",
                      "a sweep has a design and factors", "Write [sweep] and below it design = \"sobol\"");
      return std::nullopt;
    }
    for (const auto& [name, cell] : sweep.fields) read_field(name, cell);
    if (sweep.find("design") == nullptr)
      problems_.error(sweep.key_at, code("sweep-design"), "sweep.design", "is missing", "it says which points are run",
                      "Write design = \"sobol\" (or grid, list, latin_hypercube, one_at_a_time)");
    if (spec_.design == Design::list) read_list(sweep);
    if (problems_.error_count() == errors) check_parts(sweep);
    if (problems_.error_count() > errors) return std::nullopt;
    return std::move(spec_);
  }

 private:
  void read_field(const std::string& name, const Cell& cell) {
    const std::string field = "sweep." + name;
    if (name == "design")
      read_design(cell);
    else if (name == "base") {
      spec_.base = text_of(cell, field, problems_);
      spec_.base_at = cell.at;
    } else if (name == "points")
      cell.is_list() ? void() : void(spec_.points = count_of(cell, field, problems_));
    else if (name == "replications")
      spec_.replications = count_of(cell, field, problems_);
    else if (name == "every")
      spec_.every = cell;
    else if (name == "metrics")
      spec_.metrics = read_names(cell, field, problems_);
    else if (name == "over")
      read_factors(cell);
    else if (name != "file")
      refuse_unknown(name, cell.key_at, field, kSweepFields, problems_);
  }

  void read_design(const Cell& cell) {
    const std::string word = text_of(cell, "sweep.design", problems_);
    const auto found = std::find(kDesigns.begin(), kDesigns.end(), word);
    if (found != kDesigns.end()) {
      spec_.design = static_cast<Design>(found - kDesigns.begin());
      return;
    }
    if (!cell.is_text()) return;
    const std::string hint = did_you_mean(word, kDesigns);
    problems_.error(cell.at, code("sweep-design"), "sweep.design", "unknown design " + in_quotes(word),
                    "it says which points are run",
                    hint.empty() ? "There are: grid, list, latin_hypercube, sobol, one_at_a_time" : hint);
  }

  void read_factors(const Cell& cell) {
    if (!cell.is_table())
      return problems_.error(cell.at, code("study-kind"), "sweep.over", "is no table of factors",
                             "a factor is an address and its range",
                             "Write [sweep.over] and below it \"parameters.ID\" = { low = 1, high = 2 }");
    for (const auto& [address, range] : cell.fields) read_factor(address, range);
  }

  void read_factor(const std::string& address, const Cell& range) {
    const std::string field = "sweep.over." + address;
    if (!is_address(address))
      return problems_.error(range.key_at, code("sweep-factor"), field, in_quotes(address) + " is no address",
                             "a factor is levers.ID, parameters.ID, or table.row.field",
                             "Put the whole address in quotes: \"settings.ID.capacity\" = { low = 10, high = 20 }");
    FactorSpec& factor = spec_.factors.emplace_back();
    factor.address = address;
    factor.at = range.key_at;
    if (range.is_list()) {
      factor.values = values_of(range);
    } else if (!range.is_table()) {
      return problems_.error(range.at, code("sweep-factor"), field, "is no range",
                             "a factor has a low and a high end, or a list of values",
                             "Write { low = 1, high = 2 }, or [1, 2, 3]");
    }
    for (const auto& [name, cell] : range.fields) {
      if (name == "low")
        factor.low = cell;
      else if (name == "high")
        factor.high = cell;
      else if (name == "values")
        factor.values = values_of(cell);
      else if (name == "steps")
        factor.steps = count_of(cell, field + ".steps", problems_);
      else if (name == "scale")
        factor.log = read_scale(cell, field + ".scale");
      else
        refuse_unknown(name, cell.key_at, field + '.' + name, kFactorFields, problems_);
    }
    if (factor.steps && *factor.steps < 2)
      problems_.error(range.at, code("sweep-count"), field + ".steps", "is 1", "the low and the high end are two steps",
                      "Write steps = 2 or more");
  }

  bool read_scale(const Cell& cell, const std::string& field) {
    const std::string word = text_of(cell, field, problems_);
    if (cell.is_text() && word != "linear" && word != "log")
      problems_.error(cell.at, code("sweep-factor"), field, "unknown scale " + in_quotes(word),
                      "points lie evenly along the number (linear) or along its logarithm (log)",
                      did_you_mean(word, {"linear", "log"}));
    return word == "log";
  }

  // ---- lists

  void read_list(const Cell& sweep) {
    const Cell *file = sweep.find("file"), *points = sweep.find("points");
    if (!spec_.factors.empty())
      problems_.error(spec_.factors.front().at, code("sweep-list"), "sweep.over", "does not go with a list",
                      "the list itself says the values", "Take it out");
    if ((file != nullptr) == (points != nullptr))
      return problems_.error(sweep.key_at, code("sweep-list"), "sweep", "has no list of points, or two",
                             "a list stands in the study or in a file beside it",
                             "Write points = [ { \"parameters.ID\" = 1 }, ... ] or file = \"points.csv\"");
    if (file != nullptr) return read_file(*file);
    if (!points->is_list())
      return problems_.error(points->at, code("sweep-list"), "sweep.points", "is no list",
                             "each point is a table of addresses and values",
                             "Write points = [ { \"parameters.ID\" = 1 }, { \"parameters.ID\" = 2 } ]");
    for (const Cell& point : points->items) add_point(point, "");
  }

  void read_file(const Cell& cell) {
    const std::string name = text_of(cell, "sweep.file", problems_);
    if (!cell.is_text() || folder_.empty()) return;
    const std::filesystem::path path = folder_ / name;
    std::error_code ignored;
    const auto text =
        read_text_file(path, std::filesystem::canonical(folder_, ignored), limits_.table_file_bytes, problems_);
    if (!text) return;
    const Table table = read_csv_text(*text, "points", path.generic_string(), limits_, problems_);
    spec_.file_text = "==> " + name + " <==\n" + *text;
    for (const Row& row : table.rows) {
      Cell point;
      point.kind = Cell::Kind::table;
      point.at = row.at;
      std::string label;
      for (const auto& [field, value] : row.fields)
        if (field == "id" || field == "name")
          label = value.text;
        else
          point.fields.emplace_back(field, value);
      add_point(point, label);
    }
  }

  void add_point(const Cell& point, std::string label) {
    if (!point.is_table())
      return problems_.error(point.at, code("sweep-list"), "sweep.points", "a point is no table",
                             "each point is a table of addresses and values", "Write { \"parameters.ID\" = 1 }");
    std::vector<std::pair<std::string, Cell>> leaves;
    add_leaves("", point, leaves);
    std::vector<std::optional<Cell>> row;
    for (const auto& [address, value] : leaves) {
      if (address == "name") {
        label = value.text;
        continue;
      }
      const std::size_t column = factor_of(address, value);
      row.resize(spec_.factors.size());
      row[column] = value;
    }
    spec_.rows.push_back(std::move(row));
    spec_.labels.push_back(std::move(label));
  }

  /// The column of an address, made when it is new.
  std::size_t factor_of(const std::string& address, const Cell& value) {
    for (std::size_t i = 0; i < spec_.factors.size(); ++i)
      if (spec_.factors[i].address == address) return i;
    if (!is_address(address))
      problems_.error(value.key_at, code("sweep-factor"), "sweep.points", in_quotes(address) + " is no address",
                      "a factor is levers.ID, parameters.ID, or table.row.field");
    FactorSpec& factor = spec_.factors.emplace_back();
    factor.address = address;
    factor.at = value.key_at;
    return spec_.factors.size() - 1;
  }

  void check_parts(const Cell& sweep) {
    for (auto& row : spec_.rows) row.resize(spec_.factors.size());
    const bool is_sampled = spec_.design == Design::sobol || spec_.design == Design::latin_hypercube;
    if (spec_.factors.empty())
      problems_.error(sweep.key_at, code("sweep-factor"), "sweep", "turns nothing", "a sweep has at least one factor",
                      "Write [sweep.over] and below it \"parameters.ID\" = { low = 1, high = 2 }");
    if (is_sampled && !spec_.points)
      problems_.error(sweep.key_at, code("sweep-count"), "sweep.points", "is missing",
                      "a sampled design has as many points as you say", "Write for instance points = 128");
    if (!is_sampled && spec_.points)
      problems_.error(sweep.find("points")->at, code("sweep-count"), "sweep.points", "does not go with this design",
                      "the number of its points follows from the factors", "Take it out");
    if (spec_.design != Design::list && sweep.find("file") != nullptr)
      problems_.error(sweep.find("file")->at, code("sweep-list"), "sweep.file", "does not go with this design",
                      "only a list is read from a file", "Write design = \"list\", or take it out");
  }

  const std::filesystem::path& folder_;
  const Limits& limits_;
  Problems& problems_;
  SweepSpec spec_;
};

}  // namespace

std::vector<Named> read_names(const Cell& cell, const std::string& field, Problems& problems) {
  std::vector<Named> names;
  for (const Cell& item : values_of(cell)) {
    std::string text = text_of(item, field, problems);
    if (!text.empty()) names.push_back({std::move(text), item.at});
  }
  return names;
}

std::optional<SweepSpec> read_sweep(const Document& study, const std::filesystem::path& folder, const Limits& limits,
                                    Problems& problems) {
  const std::optional<Cell> cell = section(study, "sweep");
  if (!cell) return std::nullopt;
  return SweepReader{folder, limits, problems}.read(*cell);
}

std::optional<UncertainSpec> read_uncertain(const Document& study, Problems& problems) {
  const std::optional<Cell> cell = section(study, "uncertain");
  if (!cell) return std::nullopt;
  UncertainSpec spec;
  spec.at = cell->key_at;
  if (!cell->is_table()) {
    problems.error(cell->at, code("study-kind"), "uncertain", "is no table of fields",
                   "it says how often the parameters are drawn", "Write [uncertain] and below it draws = 50");
    return std::nullopt;
  }
  for (const auto& [name, value] : cell->fields) {
    const std::string field = "uncertain." + name;
    if (name == "draws")
      spec.draws = count_of(value, field, problems).value_or(1);
    else if (name == "replications")
      spec.replications = count_of(value, field, problems);
    else if (name == "every")
      spec.every = value;
    else if (name == "parameters") {
      spec.all = value.is_text() && value.text == "all";
      if (!spec.all) spec.parameters = read_names(value, field, problems);
    } else {
      refuse_unknown(name, value.key_at, field, kUncertainFields, problems);
    }
  }
  return spec;
}

}  // namespace tl
