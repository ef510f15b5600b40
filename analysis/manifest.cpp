#include "analysis/manifest.hpp"

#include <nlohmann/json.hpp>

#include "analysis/guarded_json.hpp"
#include "analysis/publish.hpp"
#include "analysis/store_error.hpp"

namespace tl {
namespace {

using nlohmann::ordered_json;
constexpr std::uint64_t kLongestManifest = std::uint64_t{256} << 20;

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}
std::string digest_in(const ordered_json& value) {
  std::string text = value.get<std::string>();
  if (!is_digest(text)) throw StoreError{"\"" + text + "\" is not a SHA-256 digest"};
  return text;
}
template <class Whole>
Whole whole_in(const ordered_json& value) {
  if (!value.is_number_unsigned()) throw StoreError{value.dump() + " is not a whole number"};
  const auto number = value.get<std::uint64_t>();
  if (number > std::numeric_limits<Whole>::max()) throw StoreError{std::to_string(number) + " is too large"};
  return static_cast<Whole>(number);
}

KnownFile known_in(const ordered_json& value) {
  return {whole_in<std::uint64_t>(value.at("bytes")), digest_in(value.at("sha256"))};
}

Manifest manifest_in(const ordered_json& json) {
  Manifest manifest;
  manifest.format = whole_in<std::uint64_t>(json.at("format"));
  if (manifest.format != kResultFormat)
    throw StoreError{"the results are of format " + std::to_string(manifest.format) + ", this program's is " +
                     std::to_string(kResultFormat) + ". Choose another folder with -o"};
  manifest.seed = whole_in<std::uint64_t>(json.at("seed"));
  manifest.engine_version = json.at("engine_version").get<std::string>();
  for (const ordered_json& scenario : json.at("scenarios"))
    manifest.scenarios.push_back({scenario.at("id").get<std::string>(), digest_in(scenario.at("digest"))});
  for (const ordered_json& shard : json.at("shards")) {
    const ShardKey key{digest_in(shard.at("scenario_digest")), whole_in<std::uint32_t>(shard.at("first_replication")),
                       whole_in<std::uint32_t>(shard.at("replications"))};
    if (shard.at("file").get<std::string>() != shard_file(key))
      throw StoreError{"the shard file " + shard.at("file").dump() + " has not the name its content asks for"};
    manifest.shards.push_back({key, known_in(shard)});
  }
  if (json.contains("results")) manifest.results = known_in(json.at("results"));
  return manifest;
}

}  // namespace

std::string to_json(const Manifest& manifest) {
  ordered_json json;
  json["format"] = manifest.format;
  json["seed"] = manifest.seed;
  json["engine_version"] = manifest.engine_version;
  json["scenarios"] = ordered_json::array();
  for (const ScenarioEntry& scenario : manifest.scenarios)
    json["scenarios"].push_back({{"id", scenario.id}, {"digest", scenario.digest}});
  json["shards"] = ordered_json::array();
  for (const ShardEntry& shard : manifest.shards)
    json["shards"].push_back({{"file", shard_file(shard.key)},
                              {"scenario_digest", shard.key.digest},
                              {"first_replication", shard.key.first},
                              {"replications", shard.key.count},
                              {"bytes", shard.file.bytes},
                              {"sha256", shard.file.sha256}});
  if (manifest.results)
    json["results"] = {
        {"file", "results.h5"}, {"bytes", manifest.results->bytes}, {"sha256", manifest.results->sha256}};
  return json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

Manifest manifest_from_json(const std::string& text, const std::filesystem::path& from) {
  constexpr const char* kHint =
      ". If you do not know why it changed, remove the folder, or choose another one with -o, and run the study again";
  try {
    return manifest_in(parse_guarded(text));
  } catch (const StoreError& error) {
    throw StoreError{"cannot use " + from.string() + ": " + error.what() + kHint};
  } catch (const ordered_json::exception& error) {
    throw StoreError{"cannot use " + from.string() + ": it is not a manifest of results (" + error.what() + ")" +
                     kHint};
  }
}

std::optional<Manifest> read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "manifest.json";
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  // Taken for absent, a manifest that only cannot be looked at would be written anew, without its shards.
  if (error) throw StoreError{"cannot look at " + path.string() + ": " + error.message()};
  const std::vector<std::byte> bytes = read_whole_file(path, kLongestManifest);
  return manifest_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
}

void publish_manifest(const std::filesystem::path& folder, const Manifest& manifest) {
  const std::string text = to_json(manifest);
  publish(folder / "manifest.json", std::as_bytes(std::span{text}));
}

}  // namespace tl
