import { Link } from "@tanstack/react-router";
import { ArrowRight, Check } from "lucide-react";
import { Card } from "../../components/Page";
import type { NavItem } from "../../app/navigation";
import { useMay, useServer, useWorkspace } from "../../rpc/hooks";
import { text } from "../../text/en";

interface Step {
  done: boolean;
  title: string;
  body: string;
  action: string;
  to: NavItem["to"];
  mayDo: boolean;
}

/** What a new workspace needs, until all of it is there. */
export function FirstSteps() {
  const may = useMay();
  const here = useServer("workspaces.get", {});
  const models = useServer("models.list", {});
  const agents = useServer("agents.list", {});
  if (!here.data || !models.data || !agents.data) return null;
  const all: Step[] = [
    {
      done: models.data.models.length > 0,
      title: text.overview.stepModel,
      body: text.overview.stepModelBody,
      action: text.overview.stepModelAction,
      to: "/w/$workspaceId/models",
      mayDo: may("models.providers.list"),
    },
    {
      // A workspace begins with a default agent; the step is to make one of one's own.
      done: agents.data.agents.some((agent) => !agent.isDefault),
      title: text.overview.stepAgent,
      body: text.overview.stepAgentBody,
      action: text.overview.stepAgentAction,
      to: "/w/$workspaceId/agents",
      mayDo: may("agents.create"),
    },
    {
      done: here.data.sessions > 0,
      title: text.overview.stepChat,
      body: text.overview.stepChatBody,
      action: text.overview.stepChatAction,
      to: "/w/$workspaceId/chat",
      mayDo: may("chat.send"),
    },
    {
      done: here.data.members > 1,
      title: text.overview.stepInvite,
      body: text.overview.stepInviteBody,
      action: text.overview.stepInviteAction,
      to: "/w/$workspaceId/members",
      mayDo: may("invites.create"),
    },
  ];
  const steps = all.filter((step) => step.mayDo);
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  return (
    <section className="mb-8">
      <div className="mb-3 flex items-baseline justify-between gap-3">
        <h2 className="text-lg font-semibold">{text.overview.steps}</h2>
        <p className="text-sm text-ink-3">{text.overview.stepsLead(done, steps.length)}</p>
      </div>
      <Card>
        <ol className="divide-y divide-line">
          {steps.map((step, index) => (
            <StepRow key={step.title} step={step} number={index + 1} isNext={steps.findIndex((one) => !one.done) === index} />
          ))}
        </ol>
      </Card>
    </section>
  );
}

function StepRow({ step, number, isNext }: { step: Step; number: number; isNext: boolean }) {
  const { workspace } = useWorkspace();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5">
      <span
        className={`grid size-7 shrink-0 place-items-center rounded-full text-sm font-semibold ${step.done ? "bg-good-soft text-good-ink" : isNext ? "bg-accent text-on-accent" : "bg-hover text-ink-2"}`}
      >
        {step.done ? <Check aria-label={text.overview.done} className="size-4" /> : number}
      </span>
      <span className="min-w-0 flex-1 basis-52">
        <span className={`block font-medium ${step.done ? "text-ink-2" : ""}`}>{step.title}</span>
        <span className="block text-sm text-ink-3">{step.body}</span>
      </span>
      {!step.done && (
        <Link to={step.to} params={{ workspaceId: workspace.id }} className="ml-11 inline-flex sm:ml-0 items-center gap-1.5 rounded text-sm font-medium text-accent-ink hover:underline">
          {step.action}
          <ArrowRight aria-hidden className="size-4" />
        </Link>
      )}
    </li>
  );
}
