#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/known_file.hpp"
#include "analysis/shard.hpp"

namespace tl {

struct ShardEntry {
  ShardKey key;
  KnownFile file;
};
struct ScenarioEntry {
  std::string id, digest;
};

/// DIR/manifest.json: what is in a folder of results. docs/file-formats.md describes it.
struct Manifest {
  std::uint64_t format = kResultFormat;
  std::uint64_t seed = 0;
  std::string engine_version;
  std::vector<ScenarioEntry> scenarios;  ///< of the last run, in its order
  std::vector<ShardEntry> shards;        ///< by key
  std::optional<KnownFile> results;      ///< results.h5, when it is there
};

/// As JSON text: the same manifest gives the same bytes.
std::string to_json(const Manifest& manifest);

/// @param from  named in messages
/// @throws StoreError  when it is no manifest, of another format, or nested or doubled in a way we never write
Manifest manifest_from_json(const std::string& text, const std::filesystem::path& from);

/// The folder's manifest; none when there is none yet.
std::optional<Manifest> read_manifest(const std::filesystem::path& folder);
void publish_manifest(const std::filesystem::path& folder, const Manifest& manifest);

}  // namespace tl
