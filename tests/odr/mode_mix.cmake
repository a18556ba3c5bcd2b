# A function that takes a kvt type, declared in one mode and defined in the other, must fail to link; in one mode it
# links.  cmake -DCOMPILER=... -DINCLUDE=... -DSOURCE=... -DSCRATCH=... -P mode_mix.cmake
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}")

function(compile source object)
  execute_process(COMMAND "${COMPILER}" -std=c++20 "-I${INCLUDE}" ${ARGN} -c "${SOURCE}/${source}" -o "${SCRATCH}/${object}"
                  COMMAND_ERROR_IS_FATAL ANY)
endfunction()

compile(mode_caller.cpp caller.o)
compile(mode_callee.cpp same.o)
compile(mode_callee.cpp other.o -DKVT_SEPARATE_COMPILATION)

execute_process(COMMAND "${COMPILER}" "${SCRATCH}/caller.o" "${SCRATCH}/same.o" -o "${SCRATCH}/same"
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${COMPILER}" "${SCRATCH}/caller.o" "${SCRATCH}/other.o" -o "${SCRATCH}/other"
                RESULT_VARIABLE result ERROR_VARIABLE log)
if(result EQUAL 0)
  message(FATAL_ERROR "the two modes link")
endif()
if(NOT log MATCHES "undefined reference to .*describe\\(kvt::v[0-9_]+h::")
  message(FATAL_ERROR "linking failed for another reason:\n${log}")
endif()
message(STATUS "the two modes do not link")
