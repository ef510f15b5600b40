#include "analysis/traced.hpp"

namespace tl {

NumberSource source_of(const ResultRow& row, const std::string& versus, NumberSource::What what) {
  NumberSource from;
  from.scenario = row.scenario;
  from.versus = versus;
  from.metric = row.metric;
  from.measure = row.measure;
  from.scope = row.scope;
  from.subject = row.subject;
  from.when = row.when;
  from.what = what;
  return from;
}

}  // namespace tl
