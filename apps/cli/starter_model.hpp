#pragma once
#include <string>
#include <vector>

namespace tl {

struct StarterFile {
  std::string name;   ///< without folder
  std::string about;  ///< what it holds, for the list of what was made
  std::string text;
};

/// A small model that passes check and runs, with remarks: a folder of tables that a planner makes their own.
std::vector<StarterFile> starter_model();

}  // namespace tl
