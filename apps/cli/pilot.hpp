#pragma once
#include <functional>
#include <string>

#include "scenarios/plan.hpp"
#include "scenarios/ranks.hpp"
#include "scenarios/study.hpp"
#include "scenarios/warmup.hpp"

namespace tl {

/// Makes the pilot runs for `warmup = "auto"` on this machine's threads, with progress, and keeps nothing of them.
/// @throws Stopped  when somebody asked to stop
Warmup make_pilots(const Study& study, const PlanOptions& options, unsigned threads, const Limits& limits,
                   Problems& problems);

/// How a command comes by the warm-up of a study that says `warmup = "auto"`.
using FindWarmup = std::function<Warmup(const Study& study, Problems& problems)>;

/// By pilot runs, which is told. @throws Stopped  as make_pilots()
FindWarmup by_pilots(const PlanOptions& options, unsigned threads, const Limits& limits);

/// The study's plan; where it says `warmup = "auto"`, with the warm-up that is found, which is noted.
/// @throws Stopped
Plan plan_with_warmup(Study study, const PlanOptions& options, const FindWarmup& find_warmup, const Limits& limits,
                      Problems& problems);

/// Ranks that read one study need one warm-up: rank 0 makes the pilots and tells the others what they found.
///
/// However reading ends on rank 0, the others, who may be waiting, are told something; however it ends on them, they
/// take it. So all ranks make one of these before they read, and nothing else may be said between them meanwhile.
class SharedWarmup {
 public:
  explicit SharedWarmup(Ranks& ranks) : ranks_{ranks} {}
  SharedWarmup(const SharedWarmup&) = delete;
  SharedWarmup& operator=(const SharedWarmup&) = delete;
  ~SharedWarmup();

  /// On rank 0 what `find` finds; on others that, without its words. @throws Stopped  on all, when rank 0 found none
  Warmup found(const std::function<Warmup()>& find);

 private:
  std::string exchanged(const std::string& text);

  Ranks& ranks_;
  bool done_ = false;
};

}  // namespace tl
