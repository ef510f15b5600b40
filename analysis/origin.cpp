#include "analysis/origin.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "analysis/guarded_json.hpp"
#include "analysis/publish.hpp"
#include "analysis/store_error.hpp"

namespace tl {
namespace {

using nlohmann::ordered_json;
constexpr const char* kKind = "throughline.study";
constexpr int kFormat = 1;
constexpr std::uint64_t kLongest = std::uint64_t{256} << 20;
constexpr std::size_t kDigits = 12;    // of a row's digest, as in the names of shards
constexpr std::size_t kMostNamed = 3;  // rows that differ

template <class Whole>
Whole whole_in(const ordered_json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::numeric_limits<Whole>::max())
    throw StoreError{value.dump() + " is not a whole number in its range"};
  return value.get<Whole>();
}

Part part_in(const ordered_json& json) {
  const Part part{.index = whole_in<std::uint32_t>(json.at("index")),
                  .count = whole_in<std::uint32_t>(json.at("count"))};
  if (part.index < 1 || part.index > part.count) throw StoreError{"part " + json.dump() + " is none"};
  return part;
}

Origin origin_in(const ordered_json& json) {
  if (json.at("kind") != kKind || json.at("format") != kFormat) throw StoreError{"it is of another kind or format"};
  Origin origin;
  origin.study = json.at("study").get<std::string>();
  origin.absolute = json.at("absolute").get<std::string>();
  if (json.contains("replications")) origin.options.replications = whole_in<std::uint32_t>(json.at("replications"));
  if (json.contains("precision")) origin.options.precision = json.at("precision").get<std::string>();
  if (json.contains("seed")) origin.options.seed = whole_in<std::uint64_t>(json.at("seed"));
  origin.options.only = json.at("only").get<std::vector<std::string>>();
  origin.options.set = json.at("set").get<std::vector<std::string>>();
  if (json.contains("part")) origin.part = part_in(json.at("part"));
  if (json.contains("rows")) origin.rows = json.at("rows").get<std::string>();
  return origin;
}

template <class Whole>
std::string number_text(const std::optional<Whole>& number) {
  return number ? std::to_string(*number) : "what the study says";
}

std::string list_text(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

}  // namespace

Origin origin_of(const std::string& path, const PlanOptions& options, const std::optional<Part>& part,
                 const Plan& plan) {
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  std::string rows;
  for (std::size_t row = plan.scenarios.size(); row < plan.rows(); ++row)
    rows += plan.facts(static_cast<std::uint32_t>(row)).hex().substr(0, kDigits);
  return {.study = path,
          .absolute = absolute.lexically_normal().string(),
          .options = options,
          .part = part,
          .rows = std::move(rows)};
}

std::string to_json(const Origin& origin) {
  const auto& [study, absolute, options, part, rows] = origin;
  // A new option stops the build here. On how many threads and how shown is nothing of what is planned.
  const auto& [replications, precision, seed, only, set, threads, progress] = options;
  ordered_json json{{"kind", kKind}, {"format", kFormat}, {"study", study}, {"absolute", absolute}};
  if (replications) json["replications"] = *replications;
  if (precision) json["precision"] = *precision;
  if (seed) json["seed"] = *seed;
  json["only"] = only;
  json["set"] = set;
  if (part) json["part"] = {{"index", part->index}, {"count", part->count}};
  if (!rows.empty()) json["rows"] = rows;
  return json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

Origin origin_from_json(const std::string& text, const std::filesystem::path& from) {
  constexpr const char* kHint = ". If you do not know why it changed, remove it and give the run's command again";
  try {
    return origin_in(parse_guarded(text));
  } catch (const StoreError& error) {
    throw StoreError{"cannot use " + from.string() + ": " + error.what() + kHint};
  } catch (const ordered_json::exception& error) {
    throw StoreError{"cannot use " + from.string() + ": it does not say what was run (" + error.what() + ")" + kHint};
  }
}

std::optional<Origin> read_origin(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "study.json";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  const std::vector<std::byte> bytes = read_whole_file(path, kLongest);
  return origin_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
}

void publish_origin(const std::filesystem::path& folder, const Origin& origin) {
  const std::filesystem::path path = folder / "study.json";
  const std::string text = to_json(origin);
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) == text.size()) {
    const std::vector<std::byte> bytes = read_whole_file(path, kLongest);
    if (std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()} == text) return;
  }
  publish(path, std::as_bytes(std::span{text}));
}

std::string difference(const Origin& one, const Origin& other) {
  const PlanOptions &a = one.options, &b = other.options;
  const auto said = [](const char* what, const std::string& first, const std::string& second) {
    return std::string{what} + ": " + first + " there, " + second + " here";
  };
  if (a.seed != b.seed) return said("--seed", number_text(a.seed), number_text(b.seed));
  if (a.replications != b.replications)
    return said("--replications", number_text(a.replications), number_text(b.replications));
  if (a.precision != b.precision)
    return said("--precision", a.precision.value_or("what the study says"),
                b.precision.value_or("what the study says"));
  if (a.only != b.only) return said("--scenario", list_text(a.only), list_text(b.only));
  if (a.set != b.set) return said("--set", list_text(a.set), list_text(b.set));
  if (one.part && other.part && one.part->count != other.part->count)
    return said("--shard", "one of " + std::to_string(one.part->count) + " parts",
                "one of " + std::to_string(other.part->count));
  return "";
}

std::string changed_rows(const Origin& origin, const Plan& plan) {
  const std::size_t now = plan.rows() - plan.scenarios.size(), then = origin.rows.size() / kDigits;
  std::string named;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < std::min(now, then); ++i) {
    const auto row = static_cast<std::uint32_t>(plan.scenarios.size() + i);
    if (origin.rows.compare(i * kDigits, kDigits, plan.facts(row).hex(), 0, kDigits) == 0) continue;
    if (++changed <= kMostNamed) named += (named.empty() ? "" : ", ") + plan.row_name(row);
  }
  if (changed == now && changed > kMostNamed)
    named = "all " + std::to_string(changed);
  else if (changed > kMostNamed)
    named += " and " + std::to_string(changed - kMostNamed) + " more";
  if (now != then)
    named += (named.empty() ? "" : "; ") + std::string{"there are "} + std::to_string(then) +
             " points and draws there, the study now has " + std::to_string(now);
  return named;
}

}  // namespace tl
