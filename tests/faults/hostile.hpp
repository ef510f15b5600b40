#pragma once
#include <string>
#include <vector>

namespace tl::test {

/// A results file made to do harm: what it is called, and how an honest file at `path` becomes one.
struct Hostile {
  std::string name;
  void (*make)(const std::string& path);
};

/// All but those that take long to make.
const std::vector<Hostile>& hostile_files();
/// Very many attributes or objects.
const std::vector<Hostile>& large_hostile_files();

}  // namespace tl::test
