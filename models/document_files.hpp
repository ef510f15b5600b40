#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/table_reader.hpp"

// A document with the text it was read from.
namespace tl {

/// A file, and what was in it when it was read.
struct TextFile {
  std::string name;  ///< without its folder
  std::string text;
};

/// As read_document(), for who keeps the files beside what is made of them.
/// @param files  gets those that could be read, `model.toml` first, then the tables by name
Document read_document(const std::filesystem::path& path, const Limits& limits, Problems& problems,
                       std::vector<TextFile>& files);

}  // namespace tl
